//! A conversation with a server before a run. Nobody waits for it after Ctrl-C.

use std::time::{Duration, Instant};

use client::{ClientError, Connection, Reply};
use launch::Interrupt;

/// How often it is looked whether Ctrl-C was pressed.
const GLANCE: Duration = Duration::from_millis(50);

/// The server that is asked, and Ctrl-C.
pub(super) struct Asked<'a> {
    connection: Connection,
    interrupt: &'a Interrupt,
}

impl<'a> Asked<'a> {
    pub(super) fn open(
        address: &str,
        within: Duration,
        interrupt: &'a Interrupt,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            connection: Connection::open(address, within)?,
            interrupt,
        })
    }

    /// A reply within this time.
    pub(super) fn request(
        &mut self,
        arguments: &[impl AsRef<[u8]>],
        within: Duration,
    ) -> Result<Reply, ClientError> {
        let mut bytes = Vec::new();
        proto::encode_request(arguments, &mut bytes);
        self.connection.set_timeout(within);
        self.connection.send(&bytes)?;
        self.connection.set_timeout(GLANCE);
        let sent = Instant::now();
        loop {
            match self.connection.receive() {
                Err(ClientError::TimedOut { address, what, .. })
                    if self.interrupt.signal().is_some() || sent.elapsed() >= within =>
                {
                    let after = within;
                    return Err(ClientError::TimedOut {
                        address,
                        what,
                        after,
                    });
                }
                Err(ClientError::TimedOut { .. }) => {}
                received => return received,
            }
        }
    }
}
