//! The mistake: a request is logged after its reply was sent.
//!
//! If the server is killed between the two, a client has its reply, and the log does not
//! hold its request.

use std::process::ExitCode;

use faulty_servers::{requests, send, serve_clients};

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        requests(stream, |arguments| {
            let sent = send(stream, &shared_state.carry_out(arguments));
            shared_state.print(arguments);
            sent
        });
    })
}
