//! What a check can come to.

use launch::OutputLine;

use crate::sighting::Sighting;

/// The outcome of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What the check asks for was seen.
    Passed {
        /// What was seen.
        note: String,
    },
    /// The opposite was seen, or twice nothing came although a control showed a live
    /// host.
    Failed(Failure),
    /// The check could not be run on this server.
    Skipped {
        /// Why not.
        reason: String,
    },
    /// The machine, not the server, kept the check from its end, in every try.
    Inconclusive {
        /// What went wrong in the last try.
        reason: String,
    },
    /// The grading has not come to this check's end.
    Unfinished,
}

impl Verdict {
    /// One word for tables and reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed { .. } => "passed",
            Self::Failed(_) => "failed",
            Self::Skipped { .. } => "skipped",
            Self::Inconclusive { .. } => "inconclusive",
            Self::Unfinished => "unfinished",
        }
    }
}

/// A failed check, in the order in which a person reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// What the server's process did: `it ended with exit status 0`, `it runs`.
    pub server: String,
    /// What the server printed, on both streams.
    pub printed: Vec<OutputLine>,
    /// What the grader's clients did.
    pub did: String,
    /// What had to happen.
    pub expected: String,
    /// What happened.
    pub observed: String,
    /// What follows for the server.
    pub means: String,
    /// The mistakes that usually stand behind it.
    pub likely_causes: Vec<String>,
    /// What was seen of the server while a client waited, where that was looked at.
    pub seen: Option<Box<Sighting>>,
    /// The faulty servers of the kit that look the same, by name.
    pub like: Vec<String>,
    /// Whether a client lost its connection, as it does when the server ends.
    pub is_lost: bool,
    /// Whether a reply was begun, and the server slept over its end.
    pub is_begun: bool,
}
