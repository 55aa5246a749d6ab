//! What there is to do for a request of a [`Session`](crate::Session): done at once, or a
//! kind of waiting, which is left to the server.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::Outcome;

/// A request that has begun.
#[derive(Debug)]
#[must_use = "a request that has begun is to be ended"]
pub struct Task {
    /// Its words, if they are wanted for a line.
    pub(crate) written: Option<String>,
    pub(crate) is_timed: bool,
    /// When it began, if anybody wants to know: reading the clock costs a twentieth of a
    /// PING.
    pub(crate) start: Option<Instant>,
}

/// What is left to do for a request that has begun.
#[derive(Debug)]
pub enum Work {
    /// Nothing: here is its outcome.
    Done(Outcome),
    /// To wait so long; then it [has slept](Outcome::slept).
    Sleep(Duration),
    /// To wait for other clients of the same number; then they [have met](Outcome::met).
    Meet(usize),
    /// To compute, on whichever thread.
    Compute(Job),
    /// To wait for a program, which blocks the thread that does it.
    Block(Job),
}

/// Work that is done by calling it.
pub struct Job(pub(crate) Box<dyn FnOnce() -> Outcome + Send>);

impl Job {
    /// Does the work. It ends early when the service's grace is over.
    #[must_use]
    pub fn run(self) -> Outcome {
        (self.0)()
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Job")
    }
}
