//! Accepting that neither ends nor spins when it fails.

use std::{
    io::{self, ErrorKind},
    net::{SocketAddr, TcpStream},
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::{console::Console, lock::lock, stopping::Stopping, throttle::Cause};

const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How an accept that failed is tried again.
#[derive(Debug, Default)]
pub(crate) struct BackOff {
    pause: Mutex<Duration>,
}

/// What came of one look at the backlog.
pub(crate) enum Accepted {
    Client(TcpStream, SocketAddr),
    Nobody,
    /// The client left while it waited; the next one may be there.
    GaveUp,
    /// To be tried again after this time.
    Failed(Duration),
}

impl BackOff {
    /// Accepts until it succeeds; `None` once the server stops.
    pub(crate) fn accept(
        &self,
        accept: impl Fn() -> io::Result<(TcpStream, SocketAddr)>,
        console: &Console,
        stopping: &Stopping,
    ) -> Option<(TcpStream, SocketAddr)> {
        loop {
            let accepted = accept();
            if stopping.has_begun() {
                return None;
            }
            match accepted {
                Ok(accepted) => {
                    *lock(&self.pause) = Duration::ZERO;
                    return Some(accepted);
                }
                // The client gave up in the backlog, or a signal came: nothing is wrong
                // here.
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::ConnectionAborted | ErrorKind::Interrupted
                    ) => {}
                Err(error) => {
                    let pause = self.lengthen(&error, console);
                    stopping.sleep_until(Instant::now() + pause).ok()?;
                }
            }
        }
    }

    /// Accepts once from a listener that does not block.
    pub(crate) fn accept_if_ready(
        &self,
        accept: impl Fn() -> io::Result<(TcpStream, SocketAddr)>,
        console: &Console,
    ) -> Accepted {
        match accept() {
            Ok((stream, peer)) => {
                *lock(&self.pause) = Duration::ZERO;
                Accepted::Client(stream, peer)
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock => Accepted::Nobody,
                ErrorKind::ConnectionAborted | ErrorKind::Interrupted => Accepted::GaveUp,
                _ => Accepted::Failed(self.lengthen(&error, console)),
            },
        }
    }

    /// Out of descriptors, accept fails at once and for as long as nobody leaves: tried
    /// without a pause it burns a core.
    fn lengthen(&self, error: &io::Error, console: &Console) -> Duration {
        let pause = {
            let mut pause = lock(&self.pause);
            *pause = (*pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            *pause
        };
        let text = format_args!("cannot accept a client: {error}; trying again");
        console.warn_of(Cause::Accept, text);
        pause
    }
}
