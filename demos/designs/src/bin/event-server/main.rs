//! A server with one thread that waits for all its clients at once: an event loop.
//!
//! Compare it with `crates/threaded-server`: there each client has a thread that waits in
//! `read`; here one thread waits in `poll` for whichever client is ready.
//!
//! * `event_loop.rs` waits until a client has sent something or can take more, lets
//!   clients in, and gives each one that is ready a turn.
//! * `client.rs` is one client, what it is at, and how much it may do in one turn (what
//!   one read brings). `connection.rs` is what comes in from it, and `replies.rs` what
//!   goes out.
//! * `waiting.rs` begins a request, and remembers what it waits for: a moment, the others
//!   of a MEET (`meetings.rs`), or the thread of a program (`children.rs`).
//! * `timers.rs` says when to wake, and `deadlines.rs` what is over then: a SLEEP, a
//!   MEET, or the time of a slow client.
//! * `memory.rs` closes the client that holds most, where all together hold too much, and
//!   `lingering.rs` has its last reply arrive.
//!
//! Open `event_loop.rs` next.

mod children;
mod client;
mod connection;
mod event_loop;
mod meetings;
mod replies;
mod timers;
mod waiting;

use std::{net::TcpListener, process::ExitCode, thread};

use event_loop::EventLoop;
use service::{Error, Options, Service, exit_code};

const NAME: &str = env!("CARGO_BIN_NAME");

fn main() -> ExitCode {
    let about = "Serves all clients on one thread; it refuses --operator and --plain";
    let options = Options::from_command_line(NAME, about);
    exit_code(NAME, run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
    if options.operator {
        return Err(Error::NeedsThreads("--operator"));
    }
    if options.plain.is_some() {
        return Err(Error::NeedsThreads("--plain"));
    }
    let listener = TcpListener::bind(options.listen)
        .map_err(|cause| Error::bind(options.listen, cause))?;
    let service = Service::start(options, &listener)?;
    thread::scope(|scope| {
        EventLoop::new(&service, &listener)
            .and_then(|event_loop| event_loop.run(scope))
            .map_err(Error::Poll)
    })?;
    service.finish();
    Ok(())
}
