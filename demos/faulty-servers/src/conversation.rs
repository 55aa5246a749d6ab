//! The requests of one connection, one by one.

use std::{
    io::{self, Write},
    net::TcpStream,
};

use proto::{Arguments, Reply, Request, RequestDecoder, Version};

/// Answers the requests of one client, in order, until it leaves.
pub fn converse(stream: &TcpStream, mut answer: impl FnMut(&Arguments) -> Reply) {
    requests(stream, |arguments| send(stream, &answer(arguments)));
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

/// The request, without a TIMED in front of it; `None` if it is none.
#[must_use]
pub fn request(arguments: &Arguments) -> Option<Request> {
    match Request::parse(arguments) {
        Ok(Request::Timed(request)) => request.ok(),
        request => request.ok(),
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
