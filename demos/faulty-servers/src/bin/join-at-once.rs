//! The mistake: each thread is joined as soon as it is started.
//!
//! There is a thread for each client, and the accept loop waits for every one of them.

use std::{net::TcpListener, process::ExitCode, thread};

use service::{Error, Options, Service, exit_code};

const NAME: &str = "join-at-once";

fn main() -> ExitCode {
    let options =
        Options::from_command_line(NAME, "Joins each thread in the accept loop");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    thread::scope(|scope| {
        while let Some(client) = service.admit(|| listener.accept()) {
            let thread = thread::Builder::new().name(client.name().to_owned());
            let started = thread.spawn_scoped(scope, || client.serve());
            let _ = started.map(thread::ScopedJoinHandle::join);
        }
    });
    service.finish();
    Ok(())
}
