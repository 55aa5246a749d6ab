//! The verdict on one request: behind whom it waited, as far as the order says.

use crate::record::Request;

/// Who stood in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// A request that was being served: its id.
    Request(String),
    /// A client that was connected and asked for nothing: its name.
    Idle(String),
    /// A client that was connected and asked for one thing after another: its name.
    Connection(String),
}

impl Blocker {
    /// The id or the name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Request(name) | Self::Idle(name) | Self::Connection(name) => name,
        }
    }
}

/// Somebody who held a place during a wait, and was done before it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Who.
    pub blocker: Blocker,
    /// For how much of the wait, in microseconds.
    pub for_us: u64,
}

impl Behind {
    /// The blocker's id or name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.blocker.name()
    }
}

/// A wait that the server counts as service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// How long the server says it served the request, in microseconds.
    pub claimed_us: u64,
    /// How long the same request takes alone.
    pub alone_us: u64,
}

/// One request, judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// As in the record.
    pub id: String,
    /// Behind whom it waited, in the order of their services; small shares are left out.
    pub behind: Vec<Behind>,
    /// Whether there are more of those than are named.
    pub more: bool,
    /// Whether order cannot decide if it was blocked.
    pub undecided: bool,
    /// How much of its service may have been a wait inside the server; then it is
    /// undecided.
    pub maybe_inside_us: Option<u64>,
    /// Whether it waited while others were served that came later.
    pub overtaken: bool,
    /// One who was still being served, or connected and silent, when it was answered.
    pub overtook: Option<Blocker>,
    /// Where its wait was inside the server, which calls it service.
    pub inside: Option<Inside>,
    /// Whether its reply waited for another one's computing, on an event loop.
    pub is_held_up: bool,
    /// How long it waited, as far as that is known.
    pub waited_us: Option<u64>,
    /// How long it was served, as far as that is known.
    pub served_us: Option<u64>,
    /// Whether it got an error, or nothing.
    pub failed: bool,
}

impl Judged {
    /// Nothing is known yet but whether it failed.
    pub(crate) fn not_yet(request: &Request) -> Self {
        Self {
            id: request.id.clone(),
            failed: request.has_failed(),
            ..Self::default()
        }
    }
}
