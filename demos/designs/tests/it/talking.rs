//! Talking to the servers, with a limit that ends a test which hangs.

use std::{net::TcpStream, time::Duration};

use client::Connection;
use launch::Server;
use proto::Reply;

pub(crate) const EVENT: &str = "event-server";
pub(crate) const POOL: &str = "pool-server";

/// How long anything may take before a test gives it up as hung.
pub(crate) const HUNG: Duration = Duration::from_secs(60);

pub(crate) fn connect(server: &Server) -> Connection {
    Connection::open(server.address().to_string(), HUNG).unwrap()
}

/// Asks one request, as one would type it.
pub(crate) fn ask(connection: &mut Connection, line: &str) -> Reply {
    let words = proto::split_line(line.as_bytes()).unwrap();
    connection.request(&words).unwrap()
}

pub(crate) fn pong() -> Reply {
    Reply::Simple(b"PONG".to_vec())
}

/// A bare socket, for bytes that no client would send.
pub(crate) fn raw(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(HUNG)).unwrap();
    stream.set_write_timeout(Some(HUNG)).unwrap();
    stream
}
