//! The mistake: a client that breaks off gives its place back twice.
//!
//! The error of its connection gives the place back, and so does the end of its thread.
//! After a few such clients the limit is higher than it was.

use std::process::ExitCode;

use faulty_servers::{Places, requests, send, serve_clients};

static PLACES: Places = Places::new(2);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        PLACES.take();
        requests(stream, |arguments| {
            let sent = send(stream, &shared_state.answer(arguments));
            sent.inspect_err(|_| PLACES.give_back())
        });
        PLACES.give_back();
    })
}
