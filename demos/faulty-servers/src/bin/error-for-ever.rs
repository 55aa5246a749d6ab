//! The mistake: after a broken frame the loop goes on.
//!
//! What cannot be read stays where it is, so that each look at it finds the same error.
//! The client gets that error without end, and its thread never ends.

use std::process::ExitCode;

use faulty_servers::{send, serve_clients};
use proto::RequestDecoder;

fn main() -> ExitCode {
    serve_clients(|shared_state, mut stream| {
        let mut decoder = RequestDecoder::new();
        while matches!(decoder.read_from(&mut stream), Ok(1..)) {
            while let Some(asked) = decoder.next_request().transpose() {
                let reply = match asked {
                    Ok(arguments) => shared_state.answer(&arguments),
                    Err(error) => error.to_reply(),
                };
                if send(stream, &reply).is_err() {
                    return;
                }
            }
        }
    })
}
