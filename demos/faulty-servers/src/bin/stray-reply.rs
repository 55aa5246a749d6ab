//! The mistake: once in a few thousand requests, a client gets another client's reply.
//!
//! The reply is built in a variable that all threads share. Between the write and the
//! read another thread has its turn, now and then; a count stands for that chance here.

use std::{
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use faulty_servers::{converse, lock, serve_clients};
use proto::{Reply, Request};

static LATEST: Mutex<Option<Reply>> = Mutex::new(None);
static REPLIES: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            let reply = shared_state.answer(arguments);
            if !matches!(Request::parse(arguments), Ok(Request::Echo(_))) {
                return reply;
            }
            let before = lock(&LATEST).replace(reply.clone());
            match REPLIES.fetch_add(1, Relaxed) % 3000 {
                2999 => before.unwrap_or(reply),
                _ => reply,
            }
        });
    })
}
