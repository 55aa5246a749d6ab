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
    most: usize,
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
            most: usize::MAX,
            done: 0,
        }
    }

    /// The same, and no more than `most` rounds where the server is quick.
    pub(crate) fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Whether there is one more round; counts it. The first one comes always.
    pub(crate) fn again(&mut self) -> bool {
        let worked = self.pulse.has_worked().saturating_sub(self.had_worked);
        let is_long_enough = worked >= self.lasts || self.done >= self.most;
        let more = self.done < self.least || !is_long_enough;
        let has_time = self.start.elapsed().saturating_sub(self.waited) < LAST_ROUND;
        let is_due = self.done == 0 || more && has_time;
        self.done += usize::from(is_due);
        is_due
    }

    /// A turn at keeping the server's threads busy, if there is one more round: a race of
    /// some nanoseconds needs both cores for itself.
    pub(crate) fn turn<'w>(
        &mut self,
        workbench: &'w Workbench<'_>,
    ) -> Option<MutexGuard<'w, ()>> {
        if !self.again() {
            return None;
        }
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

    /// This server's share of what is `enough` for all that a check does in the usual
    /// time.
    pub(crate) fn share_of(self, enough: usize) -> usize {
        let share = self.lasts.as_millis() * enough as u128 / RACES.as_millis();
        usize::try_from(share).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{Effort, RACES, Rounds};
    use crate::pulse::Pulse;
    use std::time::Duration;

    const FOR_EVER: Duration = Duration::from_secs(1 << 30);

    #[test]
    fn a_quick_server_has_no_more_rounds_than_are_enough() {
        let pulse = Pulse::of(std::process::id());
        for (lasts, least, most, due) in [
            (FOR_EVER, 1, 3, 3),
            (FOR_EVER, 5, 3, 5),
            (Duration::ZERO, 2, 3, 2),
            (Duration::ZERO, 0, 3, 1),
        ] {
            let mut rounds = Rounds::new(pulse, lasts, least).at_most(most);
            let done = (0..10).take_while(|_| rounds.again()).count();
            assert_eq!(done, due, "{lasts:?} {least} {most}");
        }
    }

    #[test]
    fn more_time_for_races_is_worth_more_rounds() {
        let share = |lasts| Effort { lasts, rounds: 4 }.share_of(42_000);
        assert_eq!(share(RACES), 42_000);
        assert_eq!(share(RACES / 5), 8_400);
        assert_eq!(share(6 * RACES), 252_000);
    }
}
