//! The mistake: the rendezvous counts one client too many.
//!
//! `>=` is written where `>` is meant, or the count begins at one. The clients meet
//! before the last one has come.

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
