//! The mistake: the scope is inside the accept loop.
//!
//! A scope ends when all its threads have ended: here each client has a scope of its own,
//! and the next one is accepted after it.

use std::{net::TcpListener, process::ExitCode, thread};

use service::{Error, Options, Service, exit_code};

const NAME: &str = "scope-in-loop";

fn main() -> ExitCode {
    let options = Options::from_command_line(NAME, "Opens a scope for each client");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    while let Some(client) = service.admit(|| listener.accept()) {
        thread::scope(|scope| {
            let thread = thread::Builder::new().name(client.name().to_owned());
            let _ = thread.spawn_scoped(scope, || client.serve());
        });
    }
    service.finish();
    Ok(())
}
