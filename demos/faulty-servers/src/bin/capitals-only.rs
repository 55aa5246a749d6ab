//! The mistake: names of commands are compared with their case.
//!
//! `PING` is answered, and `ping` is not, as a person types it.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};
use proto::Reply;

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let name = arguments.first().map(Vec::as_slice).unwrap_or_default();
            match name.iter().any(u8::is_ascii_lowercase) {
                true => Reply::error("ERR unknown command"),
                false => shared_state.answer(arguments),
            }
        });
    })
}
