//! How long a check goes on keeping a server's threads busy, to see what shows only at
//! times.

use std::{
    sync::MutexGuard,
    time::{Duration, Instant},
};

use crate::{pulse::Pulse, workbench::Workbench};

/// How long a check looks for a race unless --races says otherwise.
pub const RACES: Duration = Duration::from_millis(500);
/// However slow the server is, no round begins after so much of this check's own time.
const LAST_ROUND: Duration = Duration::from_secs(6);

/// Rounds that go on for a while, and that are a few at least. The while is the server's
/// own time at a core: where others use the cores, little is seen in a second.
#[derive(Debug)]
pub(crate) struct Rounds {
    pulse: Pulse,
    start: Instant,
    /// For the turns of other checks.
    waited: Duration,
    had_worked: Duration,
    lasts: Duration,
    least: usize,
    done: usize,
}

impl Rounds {
    /// Rounds until the server has worked for `lasts`, and `least` of them where it is
    /// slow.
    pub(crate) fn new(pulse: Pulse, lasts: Duration, least: usize) -> Self {
        Self {
            pulse,
            start: Instant::now(),
            waited: Duration::ZERO,
            had_worked: pulse.has_worked(),
            lasts,
            least,
            done: 0,
        }
    }

    /// A turn at keeping the server's threads busy, if there is one more round; counts
    /// it. The first one comes always.
    pub(crate) fn turn<'w>(
        &mut self,
        workbench: &'w Workbench<'_>,
    ) -> Option<MutexGuard<'w, ()>> {
        let worked = self.pulse.has_worked().saturating_sub(self.had_worked);
        let more = self.done < self.least || worked < self.lasts;
        let has_time = self.start.elapsed().saturating_sub(self.waited) < LAST_ROUND;
        if self.done > 0 && !(more && has_time) {
            return None;
        }
        self.done += 1;
        let start = Instant::now();
        let turn = workbench.race();
        self.waited += start.elapsed();
        Some(turn)
    }
}

/// How much is done on one server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) lasts: Duration,
    pub(crate) rounds: usize,
}

impl Effort {
    pub(crate) fn rounds(self, pulse: Pulse) -> Rounds {
        Rounds::new(pulse, self.lasts, self.rounds)
    }
}
