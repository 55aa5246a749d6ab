//! The mistake: two requests at once, where the assignment limits clients.
//!
//! A place is taken for each request, and given back after it. Clients that are silent
//! have no place, so that any number of them is in service, each with a thread.

use std::{
    process::ExitCode,
    sync::{Condvar, Mutex, PoisonError},
};

use faulty_servers::{converse, lock, serve_clients};

static PLACES: Mutex<usize> = Mutex::new(2);
static GIVEN_BACK: Condvar = Condvar::new();

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let places = GIVEN_BACK.wait_while(lock(&PLACES), |places| *places == 0);
            *places.unwrap_or_else(PoisonError::into_inner) -= 1;
            let reply = shared_state.answer(arguments);
            *lock(&PLACES) += 1;
            GIVEN_BACK.notify_one();
            reply
        });
    })
}
