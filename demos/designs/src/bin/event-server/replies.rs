//! What goes out to one client: what the system does not take at once is kept, and sent
//! when the socket is writable again.

use std::{
    io::{self, ErrorKind, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

/// How long a client may take to read what it is sent.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// Replies are sent early once this many bytes are collected.
const BATCH: usize = 64 * 1024;

/// Bytes on their way out.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    /// To be appended to.
    pub(crate) bytes: Vec<u8>,
    sent: usize,
    /// When the replies that could not be sent at once must be gone.
    pub(crate) write_by: Option<Instant>,
}

impl Replies {
    /// Whether so much is collected that it should be sent.
    pub(crate) fn is_batch_full(&self) -> bool {
        self.bytes.len() >= BATCH
    }

    /// Sends as much as the system takes; `false` if it did not take all.
    ///
    /// # Errors
    ///
    /// When the client is gone.
    pub(crate) fn flush(&mut self, mut stream: &TcpStream) -> io::Result<bool> {
        while let Some(rest @ [_, ..]) = self.bytes.get(self.sent..) {
            match stream.write(rest) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.write_by
                        .get_or_insert_with(|| Instant::now() + WRITE_DEADLINE);
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        self.bytes.clear();
        self.bytes.shrink_to(BATCH);
        (self.sent, self.write_by) = (0, None);
        Ok(true)
    }
}
