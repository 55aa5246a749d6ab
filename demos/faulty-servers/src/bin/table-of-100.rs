//! The mistake: a table of a hundred clients, whose places are used once.
//!
//! The number of clients so far is the index of the next one. Client 101 finds no place,
//! although the others have left long ago.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use faulty_servers::{converse, serve_clients};

static CLIENTS: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        if CLIENTS.fetch_add(1, Relaxed) < 100 {
            converse(stream, |arguments| shared_state.answer(arguments));
        }
    })
}
