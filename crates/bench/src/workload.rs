//! The names of what can be measured, and the question that each answers.

use std::fmt::{self, Display};

use clap::ValueEnum;
use serde::Serialize;

/// A kind of load, and the question that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Workload {
    /// PING on open connections: how many in the same time?
    Ping,
    /// The same, with a load generator on two threads
    PingThreads,
    /// A connection for each PING: what does a connection cost?
    Reconnect,
    /// PRIMES of two clients: do two cores do twice the work?
    Primes,
    /// One write for each batch of replies: what does it save?
    Flush,
    /// Console lines and request log: what do they cost?
    Lines,
    /// Processor time of a PING: what limits the servers?
    Limits,
    /// Thousands of sleeping clients: do they slow another one?
    Crowd,
    /// A pool, an event loop and threads, beside redis-server
    Designs,
    /// More and more work in a request: when do threads pay off?
    Crossover,
    /// Many connects in a row: must any client try twice?
    Burst,
}

impl Workload {
    /// The heading of its findings.
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
                "one write for each batch beside one for each reply: requests in the \
                 same time"
            }
            Self::Lines => {
                "console lines and request log beside --quiet: requests in the same time"
            }
            Self::Limits => "what a PING costs, and how many all cores could answer",
            Self::Crowd => "thousands of sleeping clients, and a bystander",
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
