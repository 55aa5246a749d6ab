//! The mistake: SLEEP keeps a lock that other requests need, and ECHO does not.
//!
//! A test with ECHO alone does not show it. INCR waits until SLEEP is over.

use std::{process::ExitCode, sync::Mutex};

use faulty_servers::{converse, lock, request, serve_clients};
use proto::Request;

static STATE: Mutex<()> = Mutex::new(());

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let _state = match request(arguments) {
                Some(
                    Request::Sleep(_) | Request::IncrBy { .. } | Request::Run { .. },
                ) => Some(lock(&STATE)),
                _ => None,
            };
            shared_state.answer(arguments)
        });
    })
}
