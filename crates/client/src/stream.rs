//! From `HOST:PORT` to a stream.

use std::{
    io::{self, ErrorKind},
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    time::Duration,
};

use crate::{ClientError, deadline::Deadline};

/// Connects to the first address of the host that answers, all within `timeout`.
pub(crate) fn connect(
    address: &str,
    timeout: Duration,
) -> Result<TcpStream, ClientError> {
    let deadline = Deadline::after(timeout);
    let address = address.to_owned();
    let candidates = match address.to_socket_addrs() {
        Ok(candidates) => candidates,
        Err(source) => return Err(ClientError::UnknownAddress { address, source }),
    };
    let mut last = io::Error::from(ErrorKind::AddrNotAvailable);
    for candidate in candidates {
        match connect_to(candidate, deadline) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(match last.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => ClientError::TimedOut {
            address,
            what: "connecting",
            after: timeout,
        },
        // The server has accepted, and reset.
        ErrorKind::ConnectionReset => ClientError::Closed {
            address,
            mid_reply: false,
            was_reset: true,
        },
        _ => ClientError::CannotConnect {
            address,
            source: last,
        },
    })
}

fn connect_to(candidate: SocketAddr, deadline: Deadline) -> io::Result<TcpStream> {
    let stream = match deadline.left()? {
        Some(left) => TcpStream::connect_timeout(&candidate, left)?,
        None => TcpStream::connect(candidate)?,
    };
    stream.set_nodelay(true)?;
    Ok(stream)
}
