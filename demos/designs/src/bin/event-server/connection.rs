//! One client's socket, which never blocks: what is readable is remembered, and what can't be
//! written yet is kept.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use mio::event::Event;
use proto::{Arguments, ProtocolError, RequestDecoder};

/// How long a request may take to arrive once its first byte is in.
const REQUEST_DEADLINE: Duration = Duration::from_secs(10);
/// How long a client may take to read what it is sent.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// Replies are sent early once so many bytes are collected.
const BATCH: usize = 64 * 1024;

/// Bytes on their way in and out.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    decoder: RequestDecoder,
    pub(crate) replies: Vec<u8>,
    /// How many bytes of the replies are sent.
    sent: usize,
    /// When the request that has begun must be whole.
    pub(crate) request_by: Option<Instant>,
    /// When the replies that could not be sent at once must be gone.
    pub(crate) write_by: Option<Instant>,
    is_readable: bool,
    has_ended: bool,
    is_lost: bool,
}

/// What came of reading.
pub(crate) enum Received {
    Bytes,
    /// There is nothing more for now.
    Nothing,
    /// The client has sent all it will, or is gone.
    End,
}

impl Connection {
    /// Remembers what an event says. It says it once: the next event of this kind comes only
    /// when more has arrived.
    pub(crate) fn note(&mut self, event: &Event) {
        self.is_readable |= event.is_readable() || event.is_read_closed();
        self.has_ended |= event.is_read_closed();
        self.is_lost |= event.is_error() || event.is_write_closed();
    }

    /// Whether the client has reset the connection; one that has closed its side alone still
    /// gets its replies.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The next request that has arrived whole.
    pub(crate) fn next_request(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        let request = self.decoder.next_request()?;
        self.request_by = match request {
            None if self.decoder.is_mid_request() => self
                .request_by
                .or_else(|| Some(Instant::now() + REQUEST_DEADLINE)),
            _ => None,
        };
        Ok(request)
    }

    /// Reads once, if there may be something to read.
    pub(crate) fn read(&mut self, stream: &TcpStream) -> Received {
        if !self.is_readable {
            return Received::Nothing;
        }
        let mut socket = Socket {
            stream,
            is_drained: false,
        };
        let received = match self.decoder.read_from(&mut socket) {
            Ok(0) => Received::End,
            Ok(_) => Received::Bytes,
            Err(error) if error.kind() == ErrorKind::WouldBlock => Received::Nothing,
            Err(error) if error.kind() == ErrorKind::Interrupted => Received::Bytes,
            Err(_) => Received::End,
        };
        // The end of the stream was told together with the last bytes: it is still to be read.
        self.is_readable = self.has_ended || !socket.is_drained;
        received
    }

    /// Whether so much is collected that it should be sent.
    pub(crate) fn is_batch_full(&self) -> bool {
        self.replies.len() >= BATCH
    }

    /// Sends as much of the replies as the system takes; `false` if it did not take all.
    ///
    /// # Errors
    ///
    /// When the client is gone.
    pub(crate) fn flush(&mut self, mut stream: &TcpStream) -> io::Result<bool> {
        while let Some(rest @ [_, ..]) = self.replies.get(self.sent..) {
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
        self.replies.clear();
        self.replies.shrink_to(BATCH);
        (self.sent, self.write_by) = (0, None);
        Ok(true)
    }
}

/// The socket, seen by the decoder. A read that fills less than it could has emptied it.
struct Socket<'s> {
    stream: &'s TcpStream,
    is_drained: bool,
}

impl Read for Socket<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer);
        self.is_drained = match &read {
            Ok(count) => *count < buffer.len(),
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        read
    }
}
