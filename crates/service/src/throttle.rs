//! Warnings that clients can provoke as often as they like: one a minute, and a count.

use std::{
    collections::BTreeMap,
    fmt,
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::lock::lock;

/// Between two warnings of one cause.
const INTERVAL: Duration = Duration::from_secs(60);

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    Accept,
    Browser,
    NoThread,
    Panic,
    Roster,
}

/// When each cause was last warned of, and how often it came since.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    causes: Mutex<BTreeMap<Cause, (Instant, u64)>>,
}

impl Throttle {
    /// Whether to warn now; if so, how many warnings of this cause were kept back.
    pub(crate) fn pass(&self, cause: Cause, now: Instant) -> Option<u64> {
        let mut causes = lock(&self.causes);
        match causes.get_mut(&cause) {
            Some((last, unsaid)) if now.duration_since(*last) < INTERVAL => {
                *unsaid += 1;
                None
            }
            before => {
                let unsaid = before.map_or(0, |(_, unsaid)| *unsaid);
                causes.insert(cause, (now, 0));
                Some(unsaid)
            }
        }
    }

    /// How many warnings of each cause are still kept back. A refused client is counted
    /// in the summary, and an accept that failed was tried again: those are left out.
    pub(crate) fn unsaid(&self) -> Vec<(Cause, u64)> {
        let causes = lock(&self.causes);
        let counts = causes.iter().map(|(cause, (_, unsaid))| (*cause, *unsaid));
        let counts = counts.filter(|(cause, unsaid)| {
            *unsaid > 0 && !matches!(cause, Cause::Accept | Cause::NoThread)
        });
        counts.collect()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Accept => "a client could not be accepted",
            Self::Browser => "a browser was turned away",
            Self::NoThread => "there was no thread for a client",
            Self::Panic => "a panic ended a connection",
            Self::Roster => "the roster could not be saved",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_warning_a_minute_of_each_cause_and_the_rest_is_counted() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(throttle.pass(Cause::Browser, start), Some(0));
        assert_eq!(throttle.pass(Cause::Roster, start), Some(0));
        for second in 1..=59 {
            assert_eq!(throttle.pass(Cause::Browser, after(second)), None);
        }
        assert_eq!(throttle.unsaid(), [(Cause::Browser, 59)]);
        assert_eq!(throttle.pass(Cause::Browser, after(60)), Some(59));
        assert_eq!(throttle.unsaid(), []);
    }
}
