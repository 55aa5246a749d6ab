//! A server with a thread for each client: nobody waits for another.
//!
//! Compare it with `crates/single-server`: `scripts/diff.sh` shows the difference.
//! What a server does for a client is in `crates/service/src/client_handler/mod.rs`.

use std::{net::TcpListener, process::ExitCode, thread};

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
    thread::scope(|scope| {
        while let Some(client) = service.admit(|| listener.accept()) {
            let thread = thread::Builder::new().name(client.name().to_owned());
            // Without a thread the client gets an error and is closed here.
            let _ = thread.spawn_scoped(scope, || client.serve());
        }
    });
    service.finish();
    Ok(())
}
