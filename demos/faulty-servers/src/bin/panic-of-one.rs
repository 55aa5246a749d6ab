//! The mistake: the error of one client is a panic of its thread.
//!
//! The other clients are served as before. But a scope that joins a thread which has
//! panicked panics as well: after SIGTERM the status is 101.
#![expect(clippy::expect_used, reason = "the panic is the mistake")]

use std::process::ExitCode;

use faulty_servers::{requests, send, serve_clients};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        requests(stream, |arguments| {
            let reply = shared_state.answer(arguments);
            send(stream, &reply).expect("the client reads its reply");
            Ok(())
        });
    })
}
