//! The mistake: nobody waits for the children.
//!
//! A child process is started for each client, and ends. Until its parent waits for it,
//! it stays in the table of processes: a zombie.

use std::process::{Command, ExitCode, Stdio};

use faulty_servers::{converse, serve_clients};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        let _child = Command::new("true").stdin(Stdio::null()).spawn();
        converse(stream, |arguments| shared_state.answer(arguments));
    })
}
