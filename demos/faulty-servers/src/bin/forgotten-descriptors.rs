//! The mistake: a second descriptor of each connection is never closed.
//!
//! The connection ends in order, but its number is not given back. Some hundreds of
//! clients later no further one can be accepted.

use std::{mem, net::Shutdown, process::ExitCode};

use faulty_servers::{converse, serve_accepted};

fn main() -> ExitCode {
    let keep = |stream: &std::net::TcpStream| mem::forget(stream.try_clone());
    serve_accepted(keep, |shared_state, stream| {
        converse(stream, |arguments| shared_state.answer(arguments));
        let _ = stream.shutdown(Shutdown::Both);
    })
}
