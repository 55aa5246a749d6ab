//! The code of the workloads: each one's measurement, and what they share.
//!
//! In the order of the report:
//!
//! * `rates.rs` counts how many PINGs each server answers in the same time, beside
//!   redis-server and Python,
//! * `primes.rs` shows what a second client that computes gets done beside the first,
//! * `limits.rs` reads the processor time and the context switches of a PING,
//! * `crowd/` has thousands of clients that sleep, and one that asks meanwhile,
//! * `designs.rs` compares a pool, an event loop and threads,
//! * `crossover.rs` finds how much work in a request makes threads pay off,
//! * `burst.rs` connects as fast as it can.
//!
//! Three of them load a server with clients that each wait for their reply
//! (`closed_loop.rs`). `cpu_time.rs` reads what a process has used.

pub mod burst;
mod closed_loop;
mod cpu_time;
pub mod crossover;
pub mod crowd;
pub mod designs;
pub mod limits;
pub mod primes;
pub mod rates;

use crate::{bench::Bench, error::Error, finding::Finding, workload::Workload};

/// Measures one workload.
///
/// # Errors
///
/// An [`Error`]; what was measured until then is lost.
pub fn measure(workload: Workload, bench: &Bench) -> Result<Vec<Finding>, Error> {
    match workload {
        Workload::Ping => rates::ping(bench, workload, 1),
        Workload::PingThreads => rates::ping(bench, workload, 2),
        Workload::Reconnect => rates::reconnect(bench),
        Workload::Primes => primes::measure(bench),
        Workload::Flush => rates::flush(bench),
        Workload::Lines => rates::lines(bench),
        Workload::Limits => limits::measure(bench),
        Workload::Crowd => crowd::measure(bench),
        Workload::Designs => designs::measure(bench),
        Workload::Crossover => crossover::measure(bench),
        Workload::Burst => burst::measure(bench),
    }
}
