//! The mistake: a lock is taken before the thread starts, and released when the client
//! leaves.
//!
//! A `MutexGuard` cannot be sent to another thread, so the compiler refuses this with a
//! mutex. A channel that holds one token is a lock as well, and its token can be sent.

use std::{net::TcpListener, process::ExitCode, sync::mpsc, thread};

use service::{Error, Options, Service, exit_code};

const NAME: &str = "lock-before-thread";

fn main() -> ExitCode {
    let options = Options::from_command_line(NAME, "Takes a lock for each client's stay");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    let (release, lock) = mpsc::channel();
    let _ = release.send(()); // the one token: its owner may serve
    thread::scope(|scope| {
        while let Some(client) = service.admit(|| listener.accept()) {
            let _ = lock.recv(); // waits for the token
            let thread = thread::Builder::new().name(client.name().to_owned());
            let release = release.clone();
            let serve = move || {
                client.serve();
                let _ = release.send(());
            };
            let _ = thread.spawn_scoped(scope, serve);
        }
    });
    service.finish();
    Ok(())
}
