//! What the server has done: the figures of the summary, which add up.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts of requests; every request that began ends as answered or as aborted.
#[derive(Debug, Default)]
pub(crate) struct Accounting {
    answered: AtomicU64,
    aborted: AtomicU64,
    refused: AtomicU64,
    /// Clients for whom something is being done now.
    busy: AtomicU64,
}

/// Something is being done for a client; dropping it says that it is done.
#[derive(Debug)]
pub(crate) struct Busy<'a>(&'a Accounting);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Relaxed);
    }
}

impl Accounting {
    /// Requests whose reply was handed to the system.
    pub(crate) fn answered(&self, requests: u64) {
        self.answered.fetch_add(requests, Relaxed);
    }

    /// Requests that a stop cut, or whose client was gone before the reply.
    pub(crate) fn aborted(&self, requests: u64) {
        self.aborted.fetch_add(requests, Relaxed);
    }

    /// Something begins to be done for a client.
    pub(crate) fn begin(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Relaxed);
        Busy(self)
    }

    /// For how many clients something is being done.
    pub(crate) fn busy(&self) -> u64 {
        self.busy.load(Relaxed)
    }

    /// A client for whom there was no thread.
    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    /// The summary's line, given how many connections were accepted and closed.
    pub(crate) fn summary(&self, accepted: u64, closed: u64) -> String {
        let (answered, aborted) =
            (self.answered.load(Relaxed), self.aborted.load(Relaxed));
        let refused = match self.refused.load(Relaxed) {
            0 => String::new(),
            refused => format!(", {refused} without a thread"),
        };
        format!(
            "stopped: {accepted} connections accepted = {closed} closed + {} \
             open{refused}; \
             {} requests = {answered} answered + {aborted} aborted",
            accepted - closed,
            answered + aborted,
        )
    }
}
