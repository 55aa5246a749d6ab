//! The mistake: a lock is held while a request is served.
//!
//! Every client has its thread, and they take turns: one in service, the others at the
//! lock. A guard lives to the end of its block; this block is as long as the request.

use std::{process::ExitCode, sync::Mutex};

use faulty_servers::{converse, lock, serve_clients};

static LOCK: Mutex<()> = Mutex::new(());

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let _guard = lock(&LOCK);
            shared_state.answer(arguments)
        });
    })
}
