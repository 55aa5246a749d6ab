//! The mistake: an event loop that sleeps in a handler. What waits must be a timer; a
//! call that waits stops the one thread there is, for everybody.
//!
//! The rest is `demos/designs/src/bin/event-server`, file by file.

use std::{net::TcpListener, process::ExitCode, thread};

use event_loop::EventLoop;
use service::{Error, Options, Service, exit_code};

#[path = "../../../designs/src/bin/event-server/children.rs"]
mod children;
#[path = "../../../designs/src/bin/event-server/client.rs"]
mod client;
#[path = "../../../designs/src/bin/event-server/connection.rs"]
mod connection;
#[path = "../../../designs/src/bin/event-server/event_loop.rs"]
mod event_loop;
#[path = "../../../designs/src/bin/event-server/waiting.rs"]
mod faultless;
#[path = "../../../designs/src/bin/event-server/meetings.rs"]
mod meetings;
#[path = "../../../designs/src/bin/event-server/replies.rs"]
mod replies;
#[path = "../../../designs/src/bin/event-server/timers.rs"]
mod timers;
mod waiting {
    use service::{Outcome, Work};

    use crate::faultless;
    pub(crate) use crate::faultless::{Begun, Waiting};

    pub(crate) fn begin(work: Work) -> Begun {
        match work {
            Work::Sleep(time) => {
                std::thread::sleep(time);
                Begun::Done(Outcome::slept())
            }
            other => faultless::begin(other),
        }
    }
}

fn main() -> ExitCode {
    let options = Options::from_command_line("loop-that-sleeps", "Sleeps in a handler");
    exit_code("loop-that-sleeps", run(&options))
}

fn run(options: &Options) -> Result<(), Error> {
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
