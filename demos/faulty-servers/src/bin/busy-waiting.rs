//! The mistake: a loop that asks again and again whether something has come.
//!
//! It answers as well as the others, and takes a whole core while nobody asks anything.

use std::{
    io::{ErrorKind, Read},
    net::Shutdown,
    process::ExitCode,
};

use faulty_servers::{send, serve_clients};
use proto::RequestDecoder;

fn main() -> ExitCode {
    serve_clients(|shared_state, mut stream| {
        let mut decoder = RequestDecoder::new();
        let mut buffer = [0; 4096];
        loop {
            let _ = stream.set_nonblocking(true);
            let read = stream.read(&mut buffer);
            let _ = stream.set_nonblocking(false);
            match read {
                Ok(count @ 1..) => decoder.feed(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                _ => break,
            }
            loop {
                match decoder.next_request() {
                    Ok(None) => break,
                    Ok(Some(arguments))
                        if send(stream, &shared_state.answer(&arguments)).is_ok() => {}
                    _ => {
                        let _ = stream.shutdown(Shutdown::Both);
                        return;
                    }
                }
            }
        }
    })
}
