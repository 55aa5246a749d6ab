//! The mistake: a counter is read, and then written, with no lock around the two.
//!
//! `counter = counter + 1`, as C and Go let any thread do it. Rust wants atomics for
//! that, and a load and a store of them are as far apart as a read and a write in C: some
//! nanoseconds.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicI64, Ordering::Relaxed},
};

use faulty_servers::{converse, serve_clients};
use proto::{Arguments, Reply, Request};

/// A table of counters, each in the place that its name is hashed to.
static COUNTERS: [AtomicI64; 4096] = [const { AtomicI64::new(0) }; 4096];

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match raised(arguments) {
            Some(counter) => {
                let raised = counter.load(Relaxed) + 1;
                counter.store(raised, Relaxed);
                Reply::Integer(raised)
            }
            None => shared_state.answer(arguments),
        });
    })
}

fn raised(arguments: &Arguments) -> Option<&'static AtomicI64> {
    match Request::parse(arguments) {
        Ok(Request::IncrBy { counter, amount: 1 }) => {
            let hash = counter.iter().fold(7_usize, |hash, byte| {
                hash.wrapping_mul(31).wrapping_add(usize::from(*byte))
            });
            COUNTERS.get(hash % COUNTERS.len())
        }
        _ => None,
    }
}
