//! How many connections a server serves at once.

use serde::{Deserialize, Serialize};

/// How many connections a server serves at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", untagged)]
pub enum Places {
    /// That many.
    Limited(usize),
    /// All that come, by a design that says what occupies the server.
    All(Design),
}

/// How a server serves all who come, in the words of scenario files and records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// `"threads"`: one for each connection, which waits for nobody.
    Threads,
    /// `"event-loop"`: one thread, which a request that computes keeps to itself. A
    /// connection that is idle and a request that waits occupy nothing.
    EventLoop,
}

impl Places {
    /// All that come, each on its own thread.
    pub const THREADS: Self = Self::All(Design::Threads);
    /// All that come, on one thread.
    pub const EVENT_LOOP: Self = Self::All(Design::EventLoop);
}
