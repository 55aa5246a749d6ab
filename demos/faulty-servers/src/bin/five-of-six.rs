//! The mistake: the rendezvous counts one client too many.
//!
//! `>=` where `>` is meant, or a count that begins at one: the last client is not waited
//! for.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::Request;

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::Meet(clients @ 2..)) => {
                let one_less = (clients - 1).to_string().into_bytes();
                shared_state.answer(&vec![b"MEET".to_vec(), one_less])
            }
            _ => shared_state.answer(arguments),
        });
    })
}
