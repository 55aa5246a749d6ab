//! The mistake: the server ends after its first client.
//!
//! An accept without a loop around it.

use std::{
    io::{self, Write},
    net::TcpListener,
    process::ExitCode,
};

use faulty_servers::{SharedState, converse};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let address = std::env::args().nth(2).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    io::stdout().flush()?;
    let (stream, _) = listener.accept()?;
    let shared_state = SharedState::default();
    converse(&stream, |arguments| shared_state.answer(arguments));
    Ok(())
}
