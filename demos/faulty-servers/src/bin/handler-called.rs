//! The mistake: the handler is called, and what it returned is handed to the thread.
//!
//! `pthread_create(&t, NULL, serve(client), NULL)` compiles in C. Rust wants something to
//! call, and only a handler that returns a closure makes the same mistake.

use std::{net::TcpListener, process::ExitCode, thread};

use service::{ClientHandler, Error, Options, Service, exit_code};

const NAME: &str = "handler-called";

fn main() -> ExitCode {
    let options = Options::from_command_line(NAME, "Calls the handler before the thread");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    thread::scope(|scope| {
        while let Some(client) = service.admit(|| listener.accept()) {
            let thread = thread::Builder::new().name(client.name().to_owned());
            let _ = thread.spawn_scoped(scope, serve(client));
        }
    });
    service.finish();
    Ok(())
}

/// Serves the client, and leaves nothing to do for the thread.
fn serve(client: ClientHandler<'_>) -> impl FnOnce() {
    client.serve();
    || ()
}
