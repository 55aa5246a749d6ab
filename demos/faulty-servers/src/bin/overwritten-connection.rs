//! The mistake: a thread takes its client's connection from a variable once it begins to
//! run. If the next client has come meanwhile, that client's connection stands there.
//!
//! In C the thread gets the address of the accept loop's variable, and in Go it uses the
//! variable itself. Only clients that come at the same moment see it.

use std::{net::TcpStream, process::ExitCode, sync::Mutex};

use faulty_servers::{converse, lock, serve_accepted};

static ACCEPTED: Mutex<Option<TcpStream>> = Mutex::new(None);

fn main() -> ExitCode {
    let accepted = |stream: &TcpStream| *lock(&ACCEPTED) = stream.try_clone().ok();
    serve_accepted(accepted, |shared_state, _| {
        let stream = lock(&ACCEPTED).take();
        if let Some(stream) = stream {
            converse(&stream, |arguments| shared_state.answer(arguments));
        }
    })
}
