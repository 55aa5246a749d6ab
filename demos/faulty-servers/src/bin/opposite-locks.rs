//! The mistake: two threads take the same two locks in opposite orders.
//!
//! INCR locks the counters and then the statistics, every other request the statistics
//! and then the counters. Two threads that each hold one of them wait for the other one
//! for ever.

use std::{process::ExitCode, sync::Mutex};

use faulty_servers::{converse, lock, serve_clients};
use proto::Request;

static COUNTERS: Mutex<()> = Mutex::new(());
static STATISTICS: Mutex<u64> = Mutex::new(0);

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| {
            match Request::parse(arguments) {
                Ok(Request::IncrBy { .. }) => {
                    let _counters = lock(&COUNTERS);
                    *lock(&STATISTICS) += 1;
                }
                _ => {
                    let mut statistics = lock(&STATISTICS);
                    let _counters = lock(&COUNTERS);
                    *statistics += 1;
                }
            }
            shared_state.answer(arguments)
        });
    })
}
