//! The mistake: the accept loop waits for the first request of each client.
//!
//! A client that connects and sends nothing keeps every newcomer out, although each
//! client that has asked once has a thread of its own.

use std::process::ExitCode;

use faulty_servers::{converse, serve_accepted};

fn main() -> ExitCode {
    serve_accepted(
        |stream| {
            let _ = stream.peek(&mut [0]); // whatever comes, its thread reads it
        },
        |shared_state, stream| {
            converse(stream, |arguments| shared_state.answer(arguments));
        },
    )
}
