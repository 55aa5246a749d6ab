//! Talking to the servers, with a limit that ends a test which hangs.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::{Command, Output, Stdio},
    time::Duration,
};

pub(crate) use crate::subjects::{BOTH, SINGLE, THREADED};
use client::Connection;
use launch::{Launch, Server};
use proto::Reply;
use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// How long anything may take before a test gives it up as hung. Nothing passes by being
/// quicker than this.
pub(crate) const HUNG: Duration = Duration::from_secs(60);

/// A connection whose every operation ends within [`HUNG`].
pub(crate) fn connect(server: &Server) -> Connection {
    Connection::open(server.address().to_string(), HUNG).expect("the server listens")
}

/// Asks one request, as one would type it.
pub(crate) fn ask(connection: &mut Connection, line: &str) -> Reply {
    let words = proto::split_line(line.as_bytes()).expect("quotes that close");
    connection.request(&words).expect(line)
}

/// Asks one request on a connection of its own.
pub(crate) fn ask_alone(server: &Server, line: &str) -> Reply {
    ask(&mut connect(server), line)
}

pub(crate) fn pong() -> Reply {
    Reply::Simple(b"PONG".to_vec())
}

/// A bare socket, for bytes that no client would send.
pub(crate) fn raw(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).expect("the server listens");
    stream.set_read_timeout(Some(HUNG)).expect("a timeout");
    stream.set_write_timeout(Some(HUNG)).expect("a timeout");
    stream
}

/// Everything up to the end of the connection, and whether it ended cleanly rather than
/// by a reset.
pub(crate) fn read_to_the_end(stream: &mut TcpStream) -> (String, bool) {
    let mut bytes = Vec::new();
    let clean = match stream.read_to_end(&mut bytes) {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
        Err(error) => panic!("{error} after {}", bytes.escape_ascii()),
    };
    (String::from_utf8_lossy(&bytes).into_owned(), clean)
}

/// A server on a free port that starts under limits, as `prlimit` of util-linux sets
/// them.
pub(crate) fn start_limited(limits: &[&str], server: &str, flags: &[&str]) -> Server {
    Launch::new("prlimit")
        .args(limits)
        .arg(fixture::program(server))
        .args(["--listen", "127.0.0.1:0"])
        .args(flags)
        .start()
        .expect("the server starts under its limits")
}

/// Limits the address space of the server to `bytes` more than it has: the stack of a
/// thread takes 2 MiB. (A limit on processes does not bind root.)
pub(crate) fn limit_address_space(server: u32, more: u64) {
    let kib = fixture::memory_kib(server, "VmSize") as u64;
    let limits = Rlimit {
        current: Some(kib * 1024 + more),
        maximum: None,
    };
    let pid = Pid::from_raw(server.try_into().unwrap());
    prlimit(pid, Resource::As, limits).unwrap();
}

/// The port that the server listens on.
pub(crate) fn port(server: &Server) -> String {
    server.address().port().to_string()
}

/// Runs a client to its end, with `input` as its standard input.
pub(crate) fn run(program: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// What a program printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
