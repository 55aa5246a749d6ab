//! A wait for something that may never come: it ends when the server has slept through
//! it.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::pulse::{Pulse, State};

/// How often the server is looked at.
pub(crate) const GLANCE: Duration = Duration::from_millis(100);

/// Between two looks for what is waited for.
const STEP: Duration = Duration::from_millis(2);

/// A server that sleeps at this many glances in a row, for three seconds, does not answer
/// later either.
const SLEEPS: u32 = 30;

/// One wait.
#[derive(Debug)]
pub(crate) struct Vigil {
    pulse: Pulse,
    start: Instant,
    limit: Duration,
    /// After how many glances in a row at which it slept the wait is over.
    sleeps: u32,
    next: Instant,
    asleep: u32,
    /// How many glances in a row have found it stopped, although it was let go on each
    /// time.
    stopped: u32,
    /// How many glances at a running server this wait has lasted, a stopped one left out.
    glances: u32,
    /// At how many of them it slept.
    all_asleep: u32,
}

/// How a wait ended without what it was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// The server slept all the while.
    SleptThrough,
    /// The time was up, and the server was at work, or stopped.
    TimeIsUp,
}

impl Vigil {
    /// A wait that lasts at most `limit`.
    pub(crate) fn new(pulse: Pulse, limit: Duration) -> Self {
        let start = Instant::now();
        Self {
            pulse,
            start,
            limit,
            sleeps: SLEEPS,
            next: start + GLANCE,
            asleep: 0,
            stopped: 0,
            glances: 0,
            all_asleep: 0,
        }
    }

    /// The server may sleep for this long beside: it was asked to, or waits for somebody.
    pub(crate) fn allowing(mut self, sleep: Duration) -> Self {
        let glances = sleep.as_millis() / GLANCE.as_millis();
        self.sleeps += u32::try_from(glances).unwrap_or(u32::MAX / 2);
        self.limit += sleep;
        self
    }

    /// Whether the wait is over; looks at the server now and then.
    pub(crate) fn is_over(&mut self) -> Option<Over> {
        let now = Instant::now();
        if now >= self.next {
            self.next = now + GLANCE;
            self.glance();
        }
        if self.asleep.max(self.stopped) >= self.sleeps {
            return Some(Over::SleptThrough);
        }
        (self.start.elapsed() >= self.limit).then_some(Over::TimeIsUp)
    }

    fn glance(&mut self) {
        let state = self.pulse.state();
        self.asleep = match state {
            State::Asleep | State::Gone => self.asleep + 1,
            State::Awake | State::Stopped => 0,
        };
        self.stopped = match state {
            State::Stopped => self.stopped + 1,
            _ => 0,
        };
        match state {
            // It goes on, no matter who stopped it. A server that stops itself again and
            // again does not answer.
            State::Stopped => self.pulse.let_go_on(),
            state => {
                self.glances += 1;
                self.all_asleep += u32::from(state != State::Awake);
            }
        }
    }

    /// Waits for something that the server owes; whether nothing comes until the server
    /// was asleep at `glances` glances in a row, or its time is over.
    pub(crate) fn in_vain(&mut self, glances: u32, has_come: impl Fn() -> bool) -> bool {
        while self.slept() < glances && !has_come() && self.is_over().is_none() {
            thread::sleep(STEP);
        }
        !has_come()
    }

    /// Something has happened: it begins to sleep anew.
    pub(crate) fn wake(&mut self) {
        self.asleep = 0;
    }

    /// How many glances in a row have found the server asleep.
    pub(crate) fn slept(&self) -> u32 {
        self.asleep
    }

    /// How many glances have found the server not stopped.
    pub(crate) fn glances(&self) -> u32 {
        self.glances
    }

    /// How many glances in all have found it asleep.
    pub(crate) fn slept_in_all(&self) -> u32 {
        self.all_asleep
    }

    /// How long it has lasted.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}
