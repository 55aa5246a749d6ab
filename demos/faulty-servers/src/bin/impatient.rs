//! The mistake: a timeout of a read is taken for the end of the client.
//!
//! The timeout is there to look for a stop now and then. It is an error like any other to
//! this server, which closes a client that was only silent for a moment.

use std::{process::ExitCode, time::Duration};

use faulty_servers::{converse, serve_clients};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        if stream
            .set_read_timeout(Some(Duration::from_secs(1)))
            .is_ok()
        {
            converse(stream, |arguments| shared_state.answer(arguments));
        }
    })
}
