//! The mistake: the rendezvous counts one client too many.
//!
//! `>=` is written where `>` is meant, or the count begins at one. The clients meet
//! before the last one has come.

use std::process::ExitCode;

use faulty_servers::{converse, request, serve_clients};
use proto::Request;

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match request(arguments) {
            Some(Request::Meet(clients @ 2..)) => {
                let mut one_less = arguments.clone();
                one_less.pop();
                one_less.push((clients - 1).to_string().into_bytes());
                shared_state.answer(&one_less)
            }
            _ => shared_state.answer(arguments),
        });
    })
}
