//! One request of a record: when it was sent, when its reply came, and what both say.

use serde::{Deserialize, Serialize};

/// Whether the first word of a request is one of these names: `incr likes` is an `INCR`.
#[must_use]
pub fn is_one_of(request: &str, names: &[&str]) -> bool {
    let first = request.split_whitespace().next().unwrap_or_default();
    names.iter().any(|name| first.eq_ignore_ascii_case(name))
}

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// `A`, or `P.2` for the second of several.
    pub id: String,
    /// As one would type it.
    pub request: String,
    /// The moment before it was sent; for the first of a connection, before connecting.
    pub sent_us: Option<u64>,
    /// The moment its reply was in.
    pub replied_us: Option<u64>,
    /// What the server says it spent on it; `null` if it says nothing, or less than
    /// nothing.
    pub service_us: Option<u64>,
    /// What the server says it spent on it, where that is less than nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_us: Option<i64>,
    /// How long it takes alone: the time of a SLEEP, or what was measured before the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone_us: Option<u64>,
    /// The thread that served it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The reply's first line, its type before it: `+OK`, `:7`, `-ERR …`.
    pub reply: Option<String>,
    /// Why there is no reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What the queue model says; `null` where it cannot know the service time.
    pub model: Option<Modelled>,
}

/// The queue model's answer for one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modelled {
    /// How long it waits.
    pub waited_us: u64,
    /// How long it is served.
    pub service_us: u64,
}

impl Request {
    /// From sending to the reply.
    #[must_use]
    pub fn latency_us(&self) -> Option<u64> {
        Some(self.replied_us?.saturating_sub(self.sent_us?))
    }

    /// When its service began: its reply less its service time. Never before it was sent.
    #[must_use]
    pub fn started_us(&self) -> Option<u64> {
        let started = self.replied_us?.saturating_sub(self.service_us?);
        Some(started.max(self.sent_us?))
    }

    /// The latency less the service time.
    #[must_use]
    pub fn waited_us(&self) -> Option<u64> {
        Some(self.started_us()?.saturating_sub(self.sent_us?))
    }

    /// Whether its first word is this one.
    pub(crate) fn is(&self, name: &str) -> bool {
        is_one_of(&self.request, &[name])
    }

    /// Whether it computes, and so keeps a processor to itself.
    pub(crate) fn computes(&self) -> bool {
        is_one_of(&self.request, &["PRIMES", "EVAL"])
    }

    /// Whether it got an error, or nothing.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
            || self
                .reply
                .as_ref()
                .is_some_and(|reply| reply.starts_with('-'))
    }
}
