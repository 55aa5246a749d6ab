//! What can be measured.

use std::fmt::{self, Display};

use clap::ValueEnum;
use serde::Serialize;

use crate::{
    bench::Bench, burst, crossover, crowd, designs, error::Error, finding::Finding,
    limits, primes, rates,
};

/// A kind of load, and the question that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Workload {
    /// PING on open connections: how many requests in the same time?
    Ping,
    /// The same, from a load generator that can use a second core.
    PingThreads,
    /// PING, a connection for each: what does a connection cost?
    Reconnect,
    /// PRIMES, two clients and one: do two cores do twice the work?
    Primes,
    /// A write for each batch and for each reply: what does it cost?
    Flush,
    /// Console lines and request log, on and off: what do they cost?
    Lines,
    /// What a PING costs the processor: what keeps it from more?
    Limits,
    /// Thousands of sleepers and a bystander: does it notice them?
    Crowd,
    /// Pool, event loop and threads beside redis-server
    Designs,
    /// More and more work in a request: when do threads pay off?
    Crossover,
    /// Connects in a row: does any wait for its SYN to be sent again?
    Burst,
}

impl Workload {
    /// Measures it.
    ///
    /// # Errors
    ///
    /// An [`Error`]; what was measured until then is lost.
    pub fn run(self, bench: &Bench) -> Result<Vec<Finding>, Error> {
        match self {
            Self::Ping => rates::ping(bench, self, 1),
            Self::PingThreads => rates::ping(bench, self, 2),
            Self::Reconnect => rates::reconnect(bench),
            Self::Primes => primes::measure(bench),
            Self::Flush => rates::flush(bench),
            Self::Lines => rates::lines(bench),
            Self::Limits => limits::measure(bench),
            Self::Crowd => crowd::measure(bench),
            Self::Designs => designs::measure(bench),
            Self::Crossover => crossover::measure(bench),
            Self::Burst => burst::measure(bench),
        }
    }

    /// What its findings say, in a line.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Self::Ping => "PING on open connections: requests in the same time",
            Self::PingThreads => {
                "the same from a load generator on two threads: requests in the same time"
            }
            Self::Reconnect => "a connection for each PING: requests in the same time",
            Self::Primes => "PRIMES, two clients beside one: work in the same time",
            Self::Flush => {
                "replies flushed per batch beside one by one: requests in the same time"
            }
            Self::Lines => {
                "console lines and request log beside --quiet: requests in the same time"
            }
            Self::Limits => {
                "what a PING costs, and what all cores could answer at that price"
            }
            Self::Crowd => "sleeping clients and a bystander",
            Self::Designs => {
                "each design beside redis-server; idle connections; clients that compute"
            }
            Self::Crossover => {
                "threads beside one thread, with more work in each request"
            }
            Self::Burst => "connects in a row, as fast as one client can",
        }
    }
}

impl Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
