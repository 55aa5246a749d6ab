//! The mistake: one variable holds the accepted connection, for all threads.
//!
//! Whoever asks, the reply goes to the client that came last. In C this is a global
//! `int`, or the address of the accept loop's variable handed to each thread.

use std::{
    net::{Shutdown, TcpStream},
    process::ExitCode,
    sync::Mutex,
};

use faulty_servers::{lock, requests, send, serve_accepted};

static CONNECTION: Mutex<Option<TcpStream>> = Mutex::new(None);

fn main() -> ExitCode {
    let accepted = |stream: &TcpStream| *lock(&CONNECTION) = stream.try_clone().ok();
    serve_accepted(accepted, |shared_state, stream| {
        requests(stream, |arguments| {
            let reply = shared_state.answer(arguments);
            lock(&CONNECTION)
                .as_ref()
                .map_or(Ok(()), |latest| send(latest, &reply))
        });
        let _ = stream.shutdown(Shutdown::Both); // the variable may keep it open else
    })
}
