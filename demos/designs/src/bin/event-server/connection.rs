//! What comes in from one client, over a socket that never blocks: whether there is
//! something to read is remembered, because an event says it once.

use std::{
    io::{self, ErrorKind, Read},
    net::TcpStream,
    time::{Duration, Instant},
};

use mio::event::Event;
use proto::{Arguments, ProtocolError, RequestDecoder};

/// How long a request may take to arrive once its first byte is in.
const REQUEST_DEADLINE: Duration = Duration::from_secs(10);

/// Bytes on their way in.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    decoder: RequestDecoder,
    /// When the request that has begun must be whole.
    pub(crate) request_by: Option<Instant>,
    /// Whether a last look was taken at what had arrived when a deadline was over.
    pub(crate) has_looked: bool,
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
    /// The system has no memory for more.
    TooMuch,
}

impl Connection {
    /// Remembers what an event says. It says it once: the next event of this kind comes
    /// only when more has arrived.
    pub(crate) fn note(&mut self, event: &Event) {
        self.is_readable |= event.is_readable() || event.is_read_closed();
        self.has_ended |= event.is_read_closed();
        self.is_lost |= event.is_error() || event.is_write_closed();
    }

    /// Whether the client has reset the connection; one that has closed its side alone
    /// still gets its replies.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The next request that has arrived whole.
    pub(crate) fn next_request(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        let request = self.decoder.next_request()?;
        self.has_looked &= request.is_none();
        self.request_by = match request {
            None if self.decoder.is_mid_request() => self
                .request_by
                .or_else(|| Some(Instant::now() + REQUEST_DEADLINE)),
            _ => None,
        };
        Ok(request)
    }

    /// Bytes of memory that it holds.
    pub(crate) fn held(&self) -> usize {
        self.decoder.held()
    }

    /// Gives back the memory of what has come: nothing of it is read any more.
    pub(crate) fn forget(&mut self) {
        self.decoder = RequestDecoder::new();
        self.request_by = None;
    }

    /// Whether there may be something to read.
    pub(crate) fn is_readable(&self) -> bool {
        self.is_readable
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
            Err(error) if error.kind() == ErrorKind::OutOfMemory => Received::TooMuch,
            Err(_) => Received::End,
        };
        // The end of the stream came together with the last bytes: it is still to be
        // read.
        self.is_readable = self.has_ended || !socket.is_drained;
        received
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
