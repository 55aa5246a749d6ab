//! The mistake: a place that a client takes is given back only if the client leaves in
//! order.
//!
//! There are fifty places. A client that breaks off in the middle of a request keeps its
//! place for ever, and after fifty of them no client is served.

use std::{io::Read, process::ExitCode};

use faulty_servers::{Places, send, serve_clients};
use proto::RequestDecoder;

static PLACES: Places = Places::new(50);

fn main() -> ExitCode {
    serve_clients(|shared_state, mut stream| {
        PLACES.take();
        let mut decoder = RequestDecoder::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            decoder.feed(buffer.get(..count).unwrap_or_default());
            loop {
                match decoder.next_request() {
                    Ok(None) => break,
                    Ok(Some(arguments))
                        if send(stream, &shared_state.answer(&arguments)).is_ok() => {}
                    _ => return, // and the place is not given back
                }
            }
        }
        PLACES.give_back();
    })
}
