//! The mistake: a reply is sent with one write, even if that takes only a part of it.
//!
//! A write may take less than it is given: here a timeout cuts it short while the client
//! reads nothing. What it returns is how much it took, and nobody looks.

use std::{io::Write, process::ExitCode, time::Duration};

use faulty_servers::{requests, serve_clients};
use proto::Version;

fn main() -> ExitCode {
    serve_clients(|shared_state, mut stream| {
        let _ = stream.set_write_timeout(Some(Duration::from_millis(50)));
        requests(stream, |arguments| {
            let mut bytes = Vec::new();
            shared_state
                .answer(arguments)
                .encode(Version::Resp2, &mut bytes);
            let _ = stream.write(&bytes);
            Ok(())
        });
    })
}
