//! The mistake: a client that breaks off gives its place back twice.
//!
//! The error of its connection gives the place back, and so does the end of its thread.
//! After a few such clients the limit is higher than it was.

use std::{
    process::ExitCode,
    sync::{Condvar, Mutex, PoisonError},
};

use faulty_servers::{lock, requests, send, serve_clients};

static PLACES: Mutex<usize> = Mutex::new(2);
static GIVEN_BACK: Condvar = Condvar::new();

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        let places = GIVEN_BACK.wait_while(lock(&PLACES), |places| *places == 0);
        *places.unwrap_or_else(PoisonError::into_inner) -= 1;
        requests(stream, |arguments| {
            let sent = send(stream, &shared_state.answer(arguments));
            sent.inspect_err(|_| give_back())
        });
        give_back();
    })
}

fn give_back() {
    *lock(&PLACES) += 1;
    GIVEN_BACK.notify_one();
}
