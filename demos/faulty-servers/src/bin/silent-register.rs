//! The mistake: students are put on the roster, and nobody sees who has registered.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::Request;

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::Register { .. }) => shared_state.carry_out(arguments),
            _ => shared_state.answer(arguments),
        });
    })
}
