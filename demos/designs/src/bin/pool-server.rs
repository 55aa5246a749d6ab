//! A server with a pool of threads: a client that comes when all are busy waits until one
//! is free.
//!
//! Compare it with `crates/threaded-server`: `scripts/diff.sh pool` shows the difference.
//! What a server does for a client is in `crates/service/src/client_handler/mod.rs`.

use std::{net::TcpListener, process::ExitCode, thread};

use designs::Pool;
use service::{Error, Options, Service, check_workers, exit_code};

const NAME: &str = env!("CARGO_BIN_NAME");

fn main() -> ExitCode {
    let (options, pool) = Pool::from_command_line(NAME);
    exit_code(NAME, run(&options, pool))
}

fn run(options: &Options, pool: Pool) -> Result<(), Error> {
    check_workers(pool.workers)?;
    // One call for socket, bind and listen of C.
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    thread::scope(|scope| {
        for number in 1..=pool.workers.get() {
            let thread = thread::Builder::new().name(format!("worker-{number}"));
            let work = || {
                while let Some(client) = service.admit(|| listener.accept()) {
                    client.serve();
                }
            };
            // A pool that is smaller than asked for would be a surprise later.
            thread
                .spawn_scoped(scope, work)
                .map_err(|cause| service.give_up(Error::worker(number, cause)))?;
        }
        Ok(())
    })?;
    service.finish();
    Ok(())
}
