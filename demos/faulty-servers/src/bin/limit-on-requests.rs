//! The mistake: two requests at once, where the assignment limits clients.
//!
//! A place is taken for each request, and given back after it. Clients that are silent
//! have no place, so that any number of them is in service, each with a thread.

use std::process::ExitCode;

use faulty_servers::{Places, converse, serve_clients};

static PLACES: Places = Places::new(2);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            PLACES.take();
            let reply = shared_state.answer(arguments);
            PLACES.give_back();
            reply
        });
    })
}
