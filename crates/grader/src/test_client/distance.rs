//! A client as over a network, where segments are small, with little room for what it has
//! not read: the server's kernel takes replies in smaller pieces than over loopback.

use std::{
    io::{self, ErrorKind},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use socket2::{Domain, Protocol, Socket, Type};

use super::Trouble;

/// Bytes of a TCP segment over Ethernet.
const SEGMENT: u32 = 1460;
/// Bytes that its kernel keeps for it.
const ROOM: usize = 64 * 1024;

pub(super) fn connect(
    address: SocketAddr,
    patience: Duration,
) -> Result<TcpStream, Trouble> {
    let connect = || {
        let domain = Domain::for_address(address);
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_tcp_mss(SEGMENT)?;
        socket.set_recv_buffer_size(ROOM)?;
        socket.connect_timeout(&address.into(), patience)?;
        Ok(TcpStream::from(socket))
    };
    connect().map_err(|source: io::Error| match source.kind() {
        ErrorKind::ConnectionRefused => Trouble::Refused,
        ErrorKind::TimedOut => Trouble::Silent {
            after: patience,
            slept: false,
            begun: 0,
        },
        _ => Trouble::Ours(source.to_string()),
    })
}
