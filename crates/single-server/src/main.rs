//! A server with one thread: each client waits until the one before has left.
//!
//! Compare it with `crates/threaded-server`: `scripts/diff.sh` shows the difference.
//! What a server does for a client is in `crates/service/src/client_handler/mod.rs`.

use std::{net::TcpListener, process::ExitCode};

use service::{Error, Options, Service, exit_code};

const NAME: &str = env!("CARGO_PKG_NAME");

fn main() -> ExitCode {
    let options = Options::from_command_line(NAME, env!("CARGO_PKG_DESCRIPTION"));
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    // One call for socket, bind and listen of C.
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    while let Some(client) = service.admit(|| listener.accept()) {
        client.serve();
    }
    service.finish();
    Ok(())
}
