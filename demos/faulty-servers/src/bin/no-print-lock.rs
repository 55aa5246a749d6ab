//! The mistake: a line is printed in pieces, and no lock keeps the pieces together.
//!
//! Standard output is opened as a file, so that each piece is written at once, as `write`
//! of C does. Rust's `print!` locks for one call: three calls for a line would mix as
//! well.

use std::{fs::File, io::Write, process::ExitCode, thread};

use faulty_servers::{converse, serve_clients};
use proto::Arguments;

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            print_in_pieces(arguments);
            shared_state.carry_out(arguments)
        });
    })
}

fn print_in_pieces(arguments: &Arguments) {
    let Ok(mut out) = File::options().append(true).open("/dev/stdout") else {
        return;
    };
    let thread = thread::current();
    let _ = write!(out, "{} ", thread.name().unwrap_or("main"));
    for argument in arguments {
        let _ = write!(out, "{} ", argument.escape_ascii());
    }
    let _ = writeln!(out);
}
