//! The mistake: a client can make a thread panic while it holds a lock.
//!
//! The panic ends one thread, and poisons the lock: each later `unwrap` of it panics as
//! well, so that no client is ever served again.
#![expect(clippy::unwrap_used, reason = "the unwraps are the mistake")]

use std::{process::ExitCode, sync::Mutex};

use faulty_servers::{converse, serve_clients};

static LONGEST_NAME: Mutex<usize> = Mutex::new(0);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let mut longest = LONGEST_NAME.lock().unwrap();
            let name = str::from_utf8(arguments.first().unwrap()).unwrap();
            *longest = name.len().max(*longest);
            drop(longest);
            shared_state.answer(arguments)
        });
    })
}
