//! The mistake: the log goes to standard error.
//!
//! `eprintln!`, Python's `logging` and Go's `log` write there unless a setting says
//! otherwise.

use std::process::ExitCode;

use faulty_servers::{converse, serve_clients};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            eprintln!("{}", arguments.join(&b' ').escape_ascii());
            shared_state.carry_out(arguments)
        });
    })
}
