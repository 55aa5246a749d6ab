//! The mistake: one variable holds the accepted connection, for all threads.
//!
//! Every reply goes to the client that connected last, whichever client has asked. In C
//! the variable is a global `int`, or each thread gets the address of the accept loop's
//! variable.

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
