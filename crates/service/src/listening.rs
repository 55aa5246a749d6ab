//! The listening socket: its backlog while it serves, shut at once when it stops.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use rustix::net::{Shutdown, listen, shutdown};

/// A handle on the socket that `main` accepts from.
#[derive(Debug)]
pub(crate) struct Listening {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Listening {
    /// Sets how many connections wait for `accept`: to listen again on a listening socket
    /// changes just that. std asks for 128, and in a burst the next one would wait a
    /// second or more for its SYN to be tried again.
    pub(crate) fn set_backlog(listener: &TcpListener, backlog: u16) -> io::Result<Self> {
        listen(listener, i32::from(backlog))?;
        Ok(Self {
            listener: listener.try_clone()?,
            address: listener.local_addr()?,
        })
    }

    /// Refuses clients that come now, resets those in the backlog, and wakes `accept`.
    pub(crate) fn shut(&self) {
        if shutdown(&self.listener, Shutdown::Both).is_err() {
            // macOS does not shut a listening socket; a connection of our own wakes
            // accept.
            let _ = TcpStream::connect_timeout(&self.reachable(), Duration::from_secs(1));
        }
    }

    fn reachable(&self) -> SocketAddr {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            match address {
                SocketAddr::V4(_) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
                SocketAddr::V6(_) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            }
        }
        address
    }
}
