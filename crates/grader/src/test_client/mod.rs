//! A client of a check: it asks, and it knows whether anything has come without
//! reading it. What keeps it from a reply is a [`Trouble`] (`trouble.rs`).
//! `distance.rs` lets it come as over a network.

mod distance;
mod trouble;

pub(crate) use trouble::{Trouble, shown};

use std::{
    io::ErrorKind,
    net::{Shutdown, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use client::{ClientError, Connection};
use launch::Ends;
use proto::{Reply, encode_request};

use crate::{
    pulse::Pulse,
    vigil::{GLANCE, Over, Vigil},
};

/// One client of a check.
#[derive(Debug)]
pub(crate) struct TestClient {
    connection: Connection,
    patience: Duration,
    /// How long the server may sleep before it answers.
    sleep: Duration,
    /// When no wait goes on, however patient the client is.
    ends: Instant,
    pulse: Pulse,
}

impl TestClient {
    /// Connects; each later wait takes at most `patience`, and none goes on after `ends`.
    pub(crate) fn connect(
        address: SocketAddr,
        patience: Duration,
        ends: Instant,
        pulse: Pulse,
    ) -> Result<Self, Trouble> {
        let connection = Connection::open(address.to_string(), patience)?;
        Ok(Self::over(connection, patience, ends, pulse))
    }

    /// Connects as over a network (`distance.rs`).
    pub(crate) fn connect_from_afar(
        address: SocketAddr,
        patience: Duration,
        ends: Instant,
        pulse: Pulse,
    ) -> Result<Self, Trouble> {
        let stream = distance::connect(address, patience)?;
        let connection = Connection::over(stream, patience)?;
        Ok(Self::over(connection, patience, ends, pulse))
    }

    fn over(
        connection: Connection,
        patience: Duration,
        ends: Instant,
        pulse: Pulse,
    ) -> Self {
        Self {
            connection,
            patience,
            sleep: Duration::ZERO,
            ends,
            pulse,
        }
    }

    /// Both ends of its connection.
    pub(crate) fn ends(&self) -> Option<Ends> {
        let stream = self.connection.stream();
        Some(Ends {
            client: stream.local_addr().ok()?,
            server: stream.peer_addr().ok()?,
        })
    }

    /// Sets how long each later wait may take.
    pub(crate) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// The server may sleep for this long before a reply: it was asked to, or waits for
    /// others.
    pub(crate) fn let_sleep(&mut self, sleep: Duration) {
        self.sleep = sleep;
    }

    /// Sends a request without waiting for its reply.
    pub(crate) fn send(&mut self, words: &[&str]) -> Result<(), Trouble> {
        let mut bytes = Vec::new();
        encode_request(words, &mut bytes);
        self.send_bytes(&bytes)
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.connection.set_timeout(self.patience);
        Ok(self.connection.send(bytes)?)
    }

    /// Waits for the next reply.
    pub(crate) fn reply(&mut self) -> Result<Reply, Trouble> {
        let left = self.ends.saturating_duration_since(Instant::now());
        let mut vigil = Vigil::new(self.pulse, self.patience.min(left))
            .allowing(self.sleep.min(left));
        if self.patience.min(left).is_zero() {
            return Err(Trouble::Silent {
                after: Duration::ZERO,
                slept: false,
                begun: 0,
            });
        }
        let step = GLANCE.min(self.patience).min(left);
        loop {
            self.connection.set_timeout(step);
            match self.connection.receive() {
                Err(ClientError::TimedOut { .. }) => {}
                received => return Ok(received?),
            }
            if let Some(over) = vigil.is_over() {
                return Err(Trouble::Silent {
                    after: vigil.elapsed(),
                    slept: over == Over::SleptThrough,
                    begun: self.connection.unfinished(),
                });
            }
        }
    }

    /// Waits for the next reply, which has to be `due`.
    pub(crate) fn expect(&mut self, due: &Reply) -> Result<(), Trouble> {
        match self.reply()? {
            reply if reply == *due => Ok(()),
            reply => Err(Trouble::instead(reply, due)),
        }
    }

    /// Waits for the end of the connection, which has to be next. A reset is none.
    pub(crate) fn expect_end(&mut self) -> Result<(), Trouble> {
        match self.reply() {
            Err(Trouble::Closed {
                mid_reply: false,
                was_reset: false,
            }) => Ok(()),
            Err(trouble) => Err(trouble),
            Ok(reply) => Err(Trouble::other(reply, "the end of the connection")),
        }
    }

    /// A request and its reply, whatever it is.
    pub(crate) fn ask(&mut self, words: &[&str]) -> Result<Reply, Trouble> {
        self.send(words)?;
        self.reply()
    }

    /// A round trip: `command` (ECHO, or PING) with a nonce that has to come back.
    pub(crate) fn round_trip(&mut self, command: &str) -> Result<(), Trouble> {
        let nonce = crate::nonce::nonce();
        self.send(&[command, &nonce])?;
        self.expect(&Reply::text(&nonce))
    }

    /// Whether there is something to read: bytes, more of a reply that is begun, the end.
    pub(crate) fn has_something(&self) -> bool {
        self.peeked() != Peeked::Nothing
    }

    /// What is there to read.
    pub(crate) fn peeked(&self) -> Peeked {
        let stream = self.connection.stream();
        if stream.set_nonblocking(true).is_err() {
            return Peeked::TheEnd;
        }
        let peeked = stream.peek(&mut [0]);
        let blocking = stream.set_nonblocking(false);
        match peeked {
            Ok(1..) if blocking.is_ok() => Peeked::Bytes,
            Err(error) if error.kind() == ErrorKind::WouldBlock => Peeked::Nothing,
            _ => Peeked::TheEnd,
        }
    }

    /// Says that nothing more will be sent.
    pub(crate) fn finish_sending(&self) {
        // A connection that is gone already is finished as well.
        let _ = self.connection.stream().shutdown(Shutdown::Write);
    }

    /// A second handle, to send from another thread while this one reads.
    pub(crate) fn stream(&self) -> &TcpStream {
        self.connection.stream()
    }
}

/// What the client would read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peeked {
    Nothing,
    Bytes,
    /// The server has closed or reset the connection.
    TheEnd,
}

#[cfg(test)]
mod tests {
    use super::{TestClient, Trouble};
    use crate::pulse::Pulse;
    use std::{
        net::TcpListener,
        time::{Duration, Instant},
    };

    #[test]
    fn no_wait_outlasts_the_grading() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Duration::from_secs(3600);
        let pulse = Pulse::of(std::process::id());
        for left in [Duration::ZERO, Duration::from_millis(10)] {
            let ends = Instant::now() + left;
            let mut test_client =
                TestClient::connect(address, patience, ends, pulse).unwrap();
            let reply = test_client.reply();
            assert!(matches!(reply, Err(Trouble::Silent { .. })));
            assert!(Instant::now() >= ends);
        }
    }
}
