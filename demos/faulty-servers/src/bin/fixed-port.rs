//! The mistake: the port is written into the program, and `--listen` is not read.
//!
//! It works until another program has the port: a second server, or the same one a moment
//! later. So that tests can choose a free one, it is the first argument here.

use std::{
    io::{self, Write},
    net::TcpListener,
    process::ExitCode,
    thread,
};

use faulty_servers::{SharedState, converse};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot bind: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    println!("listening on {}", listener.local_addr()?);
    io::stdout().flush()?;
    let shared_state = SharedState::default();
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            let shared_state = &shared_state;
            let client =
                move || converse(&stream, |arguments| shared_state.answer(arguments));
            let _ = thread::Builder::new().spawn_scoped(scope, client);
        }
    });
    Ok(())
}
