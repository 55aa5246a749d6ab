//! Why a check stopped before it had seen what it asks for.

use launch::LaunchError;

use crate::{peer::Trouble, verdict::Failure};

/// What ends a check early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The opposite of what was asked for is proven.
    Broken(Failure),
    /// Nothing came. Whether that is the server's failure, a control has to show.
    Silent(Failure),
    /// The check cannot be held on this server.
    Skipped(String),
    /// No fresh server could be started.
    NoServer(LaunchError),
    /// The time for the whole grading is up.
    TimeIsUp,
}

impl Halt {
    /// Adds to what was observed.
    pub(crate) fn told(mut self, more: &str) -> Self {
        if let Self::Broken(failure) | Self::Silent(failure) = &mut self {
            failure.observed.push_str(more);
        }
        self
    }
}

/// The note of a check that held, or why it stopped.
pub(crate) type Outcome = Result<String, Halt>;

/// What a check holds against a server, all but what it observed.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    did: String,
    expected: String,
    so: &'static str,
    usual: &'static str,
}

impl Claim {
    pub(crate) fn new(
        did: impl Into<String>,
        expected: impl Into<String>,
        so: &'static str,
        usual: &'static str,
    ) -> Self {
        let (did, expected) = (did.into(), expected.into());
        Self {
            did,
            expected,
            so,
            usual,
        }
    }

    /// The opposite was seen.
    pub(crate) fn broken(&self, observed: impl Into<String>) -> Halt {
        Halt::Broken(self.failure(observed))
    }

    /// Nothing was seen within the time.
    pub(crate) fn silent(&self, observed: impl Into<String>) -> Halt {
        Halt::Silent(self.failure(observed))
    }

    /// `what`, in which a peer had trouble: `A's ECHO`.
    pub(crate) fn trouble(&self, what: &str, trouble: &Trouble) -> Halt {
        let observed = format!("{what} {trouble}");
        match trouble {
            Trouble::Silent { .. } => self.silent(observed),
            _ => self.broken(observed),
        }
    }

    fn failure(&self, observed: impl Into<String>) -> Failure {
        Failure {
            did: self.did.clone(),
            expected: self.expected.clone(),
            observed: observed.into(),
            so: self.so.to_owned(),
            usual: self.usual.to_owned(),
        }
    }
}
