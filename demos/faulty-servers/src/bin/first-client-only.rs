//! The mistake: the server ends after its first client.
//!
//! An accept without a loop around it.

use std::{
    io::{self, Write},
    net::TcpListener,
    process::ExitCode,
};

use faulty_servers::{World, converse};

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
    let world = World::default();
    converse(&stream, |arguments| world.answer(arguments));
    Ok(())
}
