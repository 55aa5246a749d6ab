//! The requests of one connection, one by one.

use std::{
    io::{self, Write},
    net::TcpStream,
    thread,
    time::Instant,
};

use proto::{Arguments, Reply, RequestDecoder, Version};

/// Answers the requests of one client, in order, until it leaves. What TIMED asks for is
/// answered with the same mistake as without it.
pub fn converse(stream: &TcpStream, mut answer: impl FnMut(&Arguments) -> Reply) {
    requests(stream, |arguments| {
        let reply = match arguments.split_first() {
            Some((first, request)) if is_timed(first, request) => {
                timed(|| answer(&request.to_vec()))
            }
            _ => answer(arguments),
        };
        send(stream, &reply)
    });
}

fn is_timed(first: &[u8], request: &[Vec<u8>]) -> bool {
    let is = |word: &[u8]| word.eq_ignore_ascii_case(b"TIMED");
    is(first) && request.first().is_some_and(|second| !is(second))
}

/// A reply with how long it took, and on which thread.
pub(crate) fn timed(answer: impl FnOnce() -> Reply) -> Reply {
    let start = Instant::now();
    let reply = answer();
    let micros = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
    let thread = thread::current();
    let name = Reply::text(thread.name().unwrap_or("main"));
    Reply::Array(vec![Reply::Integer(micros), name, reply])
}

/// Reads the requests of one client, in order, until it leaves or `take` fails.
pub fn requests(
    mut stream: &TcpStream,
    mut take: impl FnMut(&Arguments) -> io::Result<()>,
) {
    let mut decoder = RequestDecoder::new();
    while matches!(decoder.read_from(&mut stream), Ok(1..)) {
        loop {
            let taken = match decoder.next_request() {
                Ok(Some(arguments)) => take(&arguments),
                Ok(None) => break,
                Err(error) => {
                    let _ = send(stream, &error.to_reply()); // it is closed anyway
                    return;
                }
            };
            if taken.is_err() {
                return;
            }
        }
    }
}

/// Writes a reply.
///
/// # Errors
///
/// Those of the socket: the client is gone.
pub fn send(mut stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    let mut bytes = Vec::new();
    reply.encode(Version::Resp2, &mut bytes);
    stream.write_all(&bytes)
}
