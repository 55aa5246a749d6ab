//! The mistake: a program runs while the lock of the counters is held.
//!
//! SLEEP and ECHO take no lock, and are answered. INCR waits until the program has ended.

use std::{process::ExitCode, sync::Mutex};

use faulty_servers::{converse, lock, request, serve_clients};
use proto::Request;

static STATE: Mutex<()> = Mutex::new(());

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let _state = match request(arguments) {
                Some(Request::Run { .. } | Request::IncrBy { .. }) => Some(lock(&STATE)),
                _ => None,
            };
            shared_state.answer(arguments)
        });
    })
}
