//! The mistake: nobody waits for the threads, and they end with `main`.
//!
//! In Python they are daemon threads, in C detached ones. After SIGTERM `main` returns,
//! and a thread that still serves a client is cut off before it has replied.

use std::{net::TcpListener, process::ExitCode, thread};

use service::{Error, Options, Service, exit_code};

const NAME: &str = "daemon-threads";

fn main() -> ExitCode {
    let options = Options::from_command_line(NAME, "Ends without waiting for threads");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service: &Service = Box::leak(Box::new(Service::start(options, &listener)?));
    while let Some(client) = service.admit(|| listener.accept()) {
        let thread = thread::Builder::new().name(client.name().to_owned());
        let _ = thread.spawn(move || client.serve()); // and its handle is dropped
    }
    Ok(())
}
