//! What a server keeps of clients that have left, and the mistakes behind each kind.

use std::fmt;

use crate::pulse::Holdings;

/// What is counted of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Descriptors,
    Processes,
    Threads,
    Stacks,
}

/// A kind of which a server holds many more than before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub(super) kind: Kind,
    before: usize,
    after: usize,
}

pub(super) const NOT_REAPED: &str =
    "children that nobody waits for: one SIGCHLD may stand for several that have ended";

impl Kept {
    /// What the server keeps of its clients, if it is this much more than before.
    pub(super) fn of(before: &Holdings, after: &Holdings, many: usize) -> Option<Self> {
        let kinds = [
            (Kind::Descriptors, before.descriptors, after.descriptors),
            (Kind::Processes, before.processes, after.processes),
            (Kind::Threads, before.threads, after.threads),
            (Kind::Stacks, before.mappings, after.mappings),
        ];
        let mut kinds = kinds.into_iter();
        let kept = kinds.find(|(_, before, after)| *after >= before + many);
        kept.map(|(kind, before, after)| Self {
            kind,
            before,
            after,
        })
    }

    /// Why a server keeps this.
    pub(super) fn causes(self) -> &'static [&'static str] {
        match self.kind {
            Kind::Descriptors => &[
                "a connection that is not closed on every way out",
                "a table of clients whose rows are never used again",
            ],
            Kind::Processes => &[NOT_REAPED],
            Kind::Threads => &[
                "a thread that does not end with its client, such as a timer for each",
                "a read that returns 0, the end, taken for an empty piece: the loop goes \
                 on",
            ],
            Kind::Stacks => &[
                "threads that are neither joined nor detached",
                "memory of each client that is never released",
            ],
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Descriptors => "descriptors",
            Kind::Processes => "processes (ended or not)",
            Kind::Threads => "threads",
            Kind::Stacks => "pieces of memory (stacks of threads)",
        };
        let Self { before, after, .. } = self;
        write!(to, "the server held {before} {kind} before, and {after}")
    }
}
