//! What takes its time is not done here: it is begun, and what it waits for is
//! remembered.

use std::time::Instant;

use service::{Outcome, Work};

use crate::client::Next;

/// What a request waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waiting {
    /// A moment.
    Timer(Instant),
    /// Other clients who stand in MEET, up to a moment that the loop knows.
    Others {
        number: usize,
        until: Option<Instant>,
    },
    /// A thread that waits for a program.
    Thread,
}

/// What came of beginning.
pub(crate) enum Begun {
    Done(Outcome),
    Waits(Waiting, Next),
}

/// Begins what a request asks for.
pub(crate) fn begin(work: Work) -> Begun {
    match work {
        Work::Done(outcome) => Begun::Done(outcome),
        // Here everybody waits, whatever they wait for: a loop must not compute.
        Work::Compute(job) => Begun::Done(job.run()),
        Work::Sleep(time) => {
            Begun::Waits(Waiting::Timer(Instant::now() + time), Next::Wait)
        }
        Work::Meet(number) => {
            let until = None;
            Begun::Waits(Waiting::Others { number, until }, Next::Meet(number))
        }
        Work::Block(job) => Begun::Waits(Waiting::Thread, Next::Block(job)),
    }
}
