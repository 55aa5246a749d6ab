//! How long a check goes on keeping a server's threads busy, to see what shows only at times.

use std::time::{Duration, Instant};

/// However slow the server is, no round begins later.
const LAST_ROUND: Duration = Duration::from_secs(6);

/// Rounds that go on for a while, and that are a few at least.
#[derive(Debug)]
pub(crate) struct Rounds {
    start: Instant,
    lasts: Duration,
    least: usize,
    done: usize,
}

impl Rounds {
    /// Rounds for `lasts`, and `least` of them where the server is slow.
    pub(crate) fn new(lasts: Duration, least: usize) -> Self {
        Self {
            start: Instant::now(),
            lasts,
            least,
            done: 0,
        }
    }

    /// Whether there is one more round; counts it.
    pub(crate) fn goes_on(&mut self) -> bool {
        let elapsed = self.start.elapsed();
        let more = self.done < self.least || elapsed < self.lasts;
        let goes_on = self.done == 0 || (more && elapsed < LAST_ROUND);
        self.done += usize::from(goes_on);
        goes_on
    }
}

/// How much is done on one server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) lasts: Duration,
    pub(crate) rounds: usize,
}

impl Effort {
    pub(crate) fn rounds(self) -> Rounds {
        Rounds::new(self.lasts, self.rounds)
    }
}
