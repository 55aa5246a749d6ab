//! What a thread for each client costs: our servers measured beside others.
//!
//! No number stands alone. A round runs every contestant once, the next round runs them in
//! the opposite order, and what is told is the ratio of two that ran in the same round: its
//! median and quartiles over all rounds. A machine that is slow for a minute then slows both.
//!
//! * [`workload`] lists what can be measured; `rates.rs`, `limits.rs`, `primes.rs`, `crowd/`,
//!   `burst.rs`, `designs.rs` and `crossover.rs` do it,
//! * [`peer`] is a server to measure, and `redis_server.rs` the one that is not ours to start
//!   like a server of the kit,
//! * [`redis_benchmark`] is the load generator that nobody here wrote,
//! * [`rounds`] and [`ratio`] are the statistics,
//! * [`report`] tells a [`Finding`](finding::Finding) as text and as JSON.
//!
//! Open `workload.rs` next.

pub mod bench;
pub mod burst;
mod closed_loop;
mod cpu_time;
pub mod crossover;
pub mod crowd;
pub mod designs;
pub mod error;
pub mod finding;
pub mod limits;
pub mod machine;
pub mod options;
pub mod peer;
pub mod primes;
pub mod rates;
pub mod ratio;
pub mod redis_benchmark;
mod redis_server;
pub mod report;
pub mod rounds;
pub mod workload;
