//! The mistake: two threads for all clients, however many come.
//!
//! A pool is no mistake by itself. It is one if the assignment asks for a thread for each
//! client: two clients that stay connected keep all other clients out.

use std::{net::TcpListener, process::ExitCode, thread};

use service::{Error, Options, Service, exit_code};

const NAME: &str = "pool-of-two";
const WORKERS: usize = 2;

fn main() -> ExitCode {
    let options = Options::from_command_line(NAME, "Serves two clients at once, no more");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let worker = || {
                while let Some(client) = service.admit(|| listener.accept()) {
                    client.serve();
                }
            };
            let _ = thread::Builder::new().spawn_scoped(scope, worker);
        }
    });
    service.finish();
    Ok(())
}
