//! The mistake: a read of 0 bytes, which is the end, is taken for an empty piece.
//!
//! The client has left, and its thread reads the end again and again.

use std::{io::Read, process::ExitCode};

use faulty_servers::{send, serve_clients};
use proto::RequestDecoder;

fn main() -> ExitCode {
    serve_clients(|shared_state, mut stream| {
        let mut decoder = RequestDecoder::new();
        let mut bytes = [0; 4096];
        while let Ok(count) = stream.read(&mut bytes) {
            decoder.feed(bytes.get(..count).unwrap_or_default());
            while let Some(asked) = decoder.next_request().transpose() {
                let Ok(arguments) = asked else { return };
                if send(stream, &shared_state.answer(&arguments)).is_err() {
                    return;
                }
            }
        }
    })
}
