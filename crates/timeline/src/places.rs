//! How many connections a server serves at once.

use serde::{Deserialize, Serialize};

/// How many connections a server serves at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", untagged)]
pub enum Places {
    /// That many.
    Limited(usize),
    /// One thread each: as many as come.
    Threads(PerConnection),
}

/// The word `threads`, as scenario files and records have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PerConnection {
    /// `"threads"`.
    Threads,
}

impl Places {
    /// As many as come.
    pub const THREADS: Self = Self::Threads(PerConnection::Threads);
}
