//! One connection to a server.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use proto::{Reply, ReplyDecoder, encode_request};

use crate::{ClientError, deadline::Deadline, stream::connect};

const SENDING: &str = "sending a request";
const RECEIVING: &str = "waiting for a reply";

/// What comes next over a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing came in time.
    Nothing,
    /// Bytes, which were not read.
    Bytes,
    /// The server has closed the connection.
    End,
}

/// A connection, each of whose operations ends by a deadline.
#[derive(Debug)]
pub struct Connection {
    address: String,
    stream: TcpStream,
    decoder: ReplyDecoder,
    timeout: Duration,
}

impl Connection {
    /// Connects to `HOST:PORT`. Looking up the name of a host is the system's and takes
    /// as long as the system lets it; an IP address needs none.
    ///
    /// That it connects proves nothing about the server: the kernel accepts for one that
    /// never will. Only a reply does.
    ///
    /// # Errors
    ///
    /// A [`ClientError`] when the address is none, nobody listens there, or `timeout`,
    /// which each later operation has too, has passed.
    pub fn open(
        address: impl AsRef<str>,
        timeout: Duration,
    ) -> Result<Self, ClientError> {
        let address = address.as_ref().to_owned();
        let stream = connect(&address, timeout)?;
        Ok(Self::new(address, stream, timeout))
    }

    /// A connection over a stream that is connected.
    ///
    /// # Errors
    ///
    /// A [`ClientError`] when the stream is connected no more.
    pub fn over(stream: TcpStream, timeout: Duration) -> Result<Self, ClientError> {
        let prepared = stream.set_nodelay(true).and_then(|()| stream.peer_addr());
        let address = prepared.map_err(|source| ClientError::CannotConnect {
            address: "a stream".to_owned(),
            source,
        })?;
        Ok(Self::new(address.to_string(), stream, timeout))
    }

    fn new(address: String, stream: TcpStream, timeout: Duration) -> Self {
        Self {
            address,
            stream,
            decoder: ReplyDecoder::new(),
            timeout,
        }
    }

    /// The address it was opened with.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The socket, to shut one side of it or to look at it.
    #[must_use]
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sets how long each later operation may take.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Sends a request and receives its reply, both within the timeout.
    ///
    /// # Errors
    ///
    /// A [`ClientError`]; the connection is of no use after it.
    pub fn request(
        &mut self,
        arguments: &[impl AsRef<[u8]>],
    ) -> Result<Reply, ClientError> {
        let mut bytes = Vec::new();
        encode_request(arguments, &mut bytes);
        let deadline = Deadline::after(self.timeout);
        let sent = self.send_by(&bytes, deadline);
        // A server that refuses a request while it is being sent has said why.
        match (sent, self.receive_by(deadline)) {
            (Err(error), Err(_)) => Err(error),
            (_, received) => received,
        }
    }

    /// Sends bytes as they are, within the timeout.
    ///
    /// # Errors
    ///
    /// A [`ClientError`]; how much was sent is not known then.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.send_by(bytes, Deadline::after(self.timeout))
    }

    /// Receives the next reply, within the timeout.
    ///
    /// # Errors
    ///
    /// A [`ClientError`]. After [`ClientError::TimedOut`] nothing is lost: the reply can
    /// be received later.
    pub fn receive(&mut self) -> Result<Reply, ClientError> {
        self.receive_by(Deadline::after(self.timeout))
    }

    /// Waits within the timeout until a reply has begun to come, or the connection has
    /// ended, and reads nothing of it.
    ///
    /// # Errors
    ///
    /// A [`ClientError`]. After [`ClientError::TimedOut`] nothing is lost.
    pub fn wait_for_bytes(&self) -> Result<(), ClientError> {
        let deadline = Deadline::after(self.timeout);
        loop {
            let seen = deadline.left().and_then(|left| {
                self.stream.set_read_timeout(left)?;
                self.stream.peek(&mut [0])
            });
            match seen {
                Ok(_) => return Ok(()),
                Err(error) => self.go_on_after(RECEIVING, error)?,
            }
        }
    }

    /// How many bytes were received of a reply that is not complete.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        self.decoder.unfinished()
    }

    /// What comes next within this time: of a reply that has begun, it is the rest.
    #[must_use]
    pub fn next_within(&self, within: Duration) -> Next {
        if self.decoder.is_mid_reply()
            || self.stream.set_read_timeout(Some(within)).is_err()
        {
            return Next::Bytes;
        }
        match self.stream.peek(&mut [0]) {
            Ok(0) => Next::End,
            Ok(_) => Next::Bytes,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Next::End,
            Err(_) => Next::Nothing,
        }
    }

    fn send_by(
        &mut self,
        mut bytes: &[u8],
        deadline: Deadline,
    ) -> Result<(), ClientError> {
        while !bytes.is_empty() {
            let written = deadline.left().and_then(|left| {
                self.stream.set_write_timeout(left)?;
                self.stream.write(bytes)
            });
            match written {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) => self.go_on_after(SENDING, error)?,
            }
        }
        Ok(())
    }

    fn receive_by(&mut self, deadline: Deadline) -> Result<Reply, ClientError> {
        let mut chunk = [0; 16 * 1024];
        loop {
            match self.decoder.next_reply() {
                Ok(Some(reply)) => return Ok(reply),
                Ok(None) => {}
                Err(source) => {
                    let address = self.address.clone();
                    return Err(ClientError::BadReply { address, source });
                }
            }
            let read = deadline.left().and_then(|left| {
                self.stream.set_read_timeout(left)?;
                self.stream.read(&mut chunk)
            });
            match read {
                Ok(0) => return Err(self.closed(false)),
                Ok(count) => self.decoder.feed(chunk.get(..count).unwrap_or_default()),
                Err(error) => self.go_on_after(RECEIVING, error)?,
            }
        }
    }

    /// Goes on after an interruption; everything else is an error.
    fn go_on_after(
        &self,
        what: &'static str,
        source: io::Error,
    ) -> Result<(), ClientError> {
        let address = self.address.clone();
        match source.kind() {
            ErrorKind::Interrupted => Ok(()),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Err(ClientError::TimedOut {
                address,
                what,
                after: self.timeout,
            }),
            ErrorKind::BrokenPipe => Err(self.closed(false)),
            ErrorKind::ConnectionReset => Err(self.closed(true)),
            ErrorKind::ConnectionAborted => Err(self.closed(true)),
            _ => Err(ClientError::Failed {
                address,
                what,
                source,
            }),
        }
    }

    fn closed(&self, was_reset: bool) -> ClientError {
        ClientError::Closed {
            address: self.address.clone(),
            mid_reply: self.decoder.is_mid_reply(),
            was_reset,
        }
    }
}
