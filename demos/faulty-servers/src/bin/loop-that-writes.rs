//! The mistake: an event loop that waits in a write. A client that does not read stops
//! the one thread there is, for everybody; what cannot be sent must be kept until the
//! socket is writable.
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
#[path = "../../../designs/src/bin/event-server/meetings.rs"]
mod meetings;
mod replies {
    use std::{
        io::{self, Write},
        net::TcpStream,
        time::Instant,
    };

    #[derive(Debug, Default)]
    pub(crate) struct Replies {
        pub(crate) bytes: Vec<u8>,
        pub(crate) write_by: Option<Instant>,
    }

    impl Replies {
        pub(crate) fn is_batch_full(&self) -> bool {
            self.bytes.len() >= 64 * 1024
        }

        pub(crate) fn flush(&mut self, mut stream: &TcpStream) -> io::Result<bool> {
            // Or write_all would fail where it has to wait.
            stream.set_nonblocking(false)?;
            let written = stream.write_all(&self.bytes);
            stream.set_nonblocking(true)?;
            self.bytes.clear();
            written.map(|()| true)
        }
    }
}
#[path = "../../../designs/src/bin/event-server/timers.rs"]
mod timers;
#[path = "../../../designs/src/bin/event-server/waiting.rs"]
mod waiting;

fn main() -> ExitCode {
    let options = Options::from_command_line("loop-that-writes", "Waits in a write");
    exit_code("loop-that-writes", run(&options))
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
