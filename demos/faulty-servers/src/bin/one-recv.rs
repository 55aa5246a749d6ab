//! The mistake: what one read returns is taken for one message.
//!
//! A stream has no messages. A read returns what has arrived: half a request, or three.

use std::{io::Read, process::ExitCode};

use faulty_servers::{send, serve_clients};
use proto::{Reply, RequestDecoder};

fn main() -> ExitCode {
    serve_clients(|shared_state, mut stream| {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            let mut decoder = RequestDecoder::new();
            decoder.feed(buffer.get(..count).unwrap_or_default());
            let reply = match decoder.next_request() {
                Ok(Some(arguments)) => shared_state.answer(&arguments),
                _ => Reply::error("ERR Protocol error: this is no request"),
            };
            if send(stream, &reply).is_err() {
                return;
            }
        }
    })
}
