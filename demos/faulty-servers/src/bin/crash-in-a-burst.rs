//! The mistake: a map that several threads change without a lock, in a language that
//! notices.
//!
//! Go ends the whole program then, with `fatal error: concurrent map writes`. Here a flag
//! stands for what Go's map knows of itself.

use std::{
    process::{self, ExitCode},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use faulty_servers::{converse, serve_clients};
use proto::Request;

static IS_CHANGING: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            if matches!(Request::parse(arguments), Ok(Request::IncrBy { .. })) {
                if IS_CHANGING.swap(true, Relaxed) {
                    eprintln!("fatal error: concurrent map writes");
                    process::abort();
                }
                let reply = shared_state.carry_out(arguments);
                IS_CHANGING.store(false, Relaxed);
                return reply;
            }
            shared_state.answer(arguments)
        });
    })
}
