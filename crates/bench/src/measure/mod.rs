//! The code of the workloads: each one's measurement, and what they share.
//!
//! In the order of the report: `rates.rs`, `primes.rs`, `limits.rs`, `crowd/`,
//! `designs.rs`, `crossover.rs` and `burst.rs`. Two of them load a server with clients
//! that each wait for their reply (`closed_loop.rs`). `cpu_time.rs` reads what a process
//! has used.

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
