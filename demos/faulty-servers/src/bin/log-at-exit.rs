//! The mistake: the log stays in a buffer until the server ends.
//!
//! Many languages write to a terminal line by line, and to a pipe in large blocks.
//! Without a flush nobody can read the log of a server that runs, and it is lost with a
//! server that is killed.

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Mutex,
};

use faulty_servers::{converse, lock, serve_clients};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn main() -> ExitCode {
    let status = serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let line = arguments.join(&b' ');
            let _ = writeln!(lock(&LOG), "{}", line.escape_ascii());
            shared_state.carry_out(arguments)
        });
    });
    let _ = io::stdout().write_all(&lock(&LOG)); // nobody may read it any more
    status
}
