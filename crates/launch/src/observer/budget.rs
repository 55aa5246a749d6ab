//! When to look again: often enough to be useful, and for at most a hundredth of a core.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The shortest time between two looks.
const PERIOD: Duration = Duration::from_millis(20);

/// A look may take this part of the time that it is for: 0.8 %. What is made of it takes
/// the rest of a hundredth.
const SHARE: u32 = 125;

/// What the first looks may take beyond it: they open what later ones find open.
const ADVANCE: Duration = Duration::from_millis(1);

/// The CPU time of the thread that looks.
#[derive(Debug)]
pub(super) struct Budget {
    began: Instant,
    last: Instant,
    /// What this thread had used before the first look.
    before: Duration,
    used: Duration,
}

impl Budget {
    pub(super) fn begin() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            last: now,
            before: cpu_time(),
            used: Duration::ZERO,
        }
    }

    /// Notes what a look has taken.
    pub(super) fn spent(&mut self) {
        self.last = Instant::now();
        self.used = cpu_time().saturating_sub(self.before);
    }

    pub(super) fn used(&self) -> Duration {
        self.used
    }

    /// The next look is due when all of them together have taken no more than that.
    pub(super) fn next(&self) -> Instant {
        next(self.began, self.last, self.used)
    }
}

fn next(began: Instant, last: Instant, used: Duration) -> Instant {
    let owed = used.saturating_sub(ADVANCE) * SHARE;
    (last + PERIOD).max(began + owed)
}

fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(now).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{ADVANCE, PERIOD, SHARE, next};

    #[test]
    fn looks_that_cost_little_come_every_period_and_those_that_cost_much_later() {
        let began = Instant::now();
        let last = began + Duration::from_secs(1);
        assert_eq!(next(began, last, Duration::ZERO), last + PERIOD);
        let much = Duration::from_millis(50);
        assert_eq!(next(began, last, much), began + (much - ADVANCE) * SHARE);
    }
}
