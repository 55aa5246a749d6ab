//! The mistake: `match` on a locked queue, which keeps the guard until the match is over.
//!
//! What a `match` looks at lives as long as its arms: the worker that serves holds the
//! lock of the queue, the others wait for it, and a pool of four serves one client at a
//! time. A `let` for the client, before the match, gives the lock back.

#![expect(clippy::while_let_loop, reason = "the match is the mistake")]

use std::{
    net::TcpListener,
    process::ExitCode,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use service::{ClientHandler, Error, Options, Service, exit_code};

const NAME: &str = "match-on-lock";
const WORKERS: usize = 4;

fn main() -> ExitCode {
    let options =
        Options::from_command_line(NAME, "A pool that holds its lock while serving");
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    let (sender, receiver) = mpsc::channel::<ClientHandler>();
    let queue = Mutex::new(receiver);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let worker = || {
                loop {
                    match queue.lock().unwrap_or_else(PoisonError::into_inner).recv() {
                        Ok(client) => client.serve(),
                        Err(_) => break,
                    }
                }
            };
            let _ = thread::Builder::new().spawn_scoped(scope, worker);
        }
        while let Some(client) = service.admit(|| listener.accept()) {
            let _ = sender.send(client);
        }
        drop(sender); // the workers end when the queue is empty
    });
    drop(queue); // it could hold clients of the service
    service.finish();
    Ok(())
}
