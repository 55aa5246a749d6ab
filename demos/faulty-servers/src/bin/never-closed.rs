//! The mistake: the connection is never closed.
//!
//! The client has said that it will send nothing more. It has its replies, and waits for
//! ever for the end of the connection.

use std::{mem, process::ExitCode};

use faulty_servers::{converse, serve_clients};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        mem::forget(stream.try_clone());
        converse(stream, |arguments| shared_state.answer(arguments));
    })
}
