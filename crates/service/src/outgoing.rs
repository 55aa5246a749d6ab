//! Bytes on their way to a client. No write begins after the deadline for all of them,
//! and each write has the time limit of its socket.

use std::{
    io::{self, ErrorKind, Write},
    net::TcpStream,
    time::Instant,
};

/// A reply is sent in pieces of about this many bytes.
const CHUNK: usize = 16 * 1024;

/// Sends all bytes.
///
/// # Errors
///
/// When the client is gone, or has not taken them by the deadline.
pub(crate) fn send(
    mut stream: &TcpStream,
    mut rest: &[u8],
    deadline: Instant,
) -> io::Result<()> {
    while !rest.is_empty() {
        match stream.write(rest) {
            Ok(written) => rest = rest.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if !rest.is_empty() && deadline <= Instant::now() {
            return Err(ErrorKind::TimedOut.into());
        }
    }
    Ok(())
}

/// A reply that is sent while it is made: never whole in memory a second time.
#[derive(Debug)]
pub(crate) struct Outgoing<'a> {
    stream: &'a TcpStream,
    chunk: Vec<u8>,
    deadline: Instant,
}

impl<'a> Outgoing<'a> {
    pub(crate) fn new(stream: &'a TcpStream, deadline: Instant) -> Self {
        Self {
            stream,
            chunk: Vec::with_capacity(CHUNK),
            deadline,
        }
    }
}

impl Write for Outgoing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() + bytes.len() > CHUNK {
            self.flush()?;
        }
        if bytes.len() < CHUNK {
            self.chunk.extend_from_slice(bytes);
        } else {
            send(self.stream, bytes, self.deadline)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        send(self.stream, &self.chunk, self.deadline)?;
        self.chunk.clear();
        Ok(())
    }
}
