//! What a server did while its first line was waited for: whether it slept, or had no
//! turn.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use launch::Server;

use crate::pulse::{Pulse, State, Turns};

/// Sleep of this length, without its first line, is a server's own doing on a quiet
/// machine.
const SLEPT: Duration = Duration::from_secs(8);
/// And on any machine, if none of its threads ran once meanwhile.
const LAY_STILL: Duration = Duration::from_secs(5);
/// Sleep of this length once it listens: only its first line was left to do.
const SLEPT_ON: Duration = Duration::from_secs(4);
/// A longer time between two glances says that the grader itself had no turn.
const SELDOM: Duration = Duration::from_millis(500);
/// Who has waited longer for a core is on a busy machine.
const WAITED: Duration = Duration::from_secs(1);
/// After this many glances, two seconds, it is clear that a server stops itself.
const STOPS: u32 = 40;
/// Glances between two looks for a port: a second.
const PORT: u32 = 20;

/// A server that has not printed its first line yet, looked at twenty times a second.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    glances: Cell<u32>,
    /// Glances at which it was stopped, although it was let go on at each.
    stopped: Cell<u32>,
    last: Cell<Option<Instant>>,
    /// How long it slept.
    asleep: Cell<Duration>,
    /// How long it slept once it listened.
    asleep_on: Cell<Duration>,
    /// For how long none of its threads has wanted a core now.
    still: Cell<Duration>,
    turns: Cell<Turns>,
    port: Cell<Option<u16>>,
}

impl Watched {
    /// Looks at the server.
    pub(crate) fn glance(&self, server: &Server) {
        let pulse = Pulse::of(server.pid());
        let now = Instant::now();
        let since = self.last.replace(Some(now));
        let since = since.map_or(Duration::ZERO, |last| now - last);
        let state = pulse.state();
        self.saw(state, pulse.turns(), since);
        if state == State::Stopped {
            pulse.let_go_on();
        }
        if self.glances.get().is_multiple_of(PORT) {
            self.port.set(pulse.listens_on());
        }
    }

    fn saw(&self, state: State, turns: Turns, since: Duration) {
        self.glances.set(self.glances.get() + 1);
        if state == State::Stopped {
            self.stopped.set(self.stopped.get() + 1);
        }
        let has_run = self.turns.replace(turns) != turns;
        // One that is not there yet has not begun.
        let sleeps = state == State::Asleep;
        if sleeps && since <= SELDOM {
            self.asleep.set(self.asleep.get() + since);
            if self.port.get().is_some() {
                self.asleep_on.set(self.asleep_on.get() + since);
            }
        }
        // Without a turn it slept all the while, however seldom it was looked at.
        let lies_still = sleeps && !has_run && turns.count > 0;
        self.still.set(match lies_still {
            true => self.still.get() + since,
            false => Duration::ZERO,
        });
    }

    /// Whether it slept all the time, or stopped itself: all else can be the machine's
    /// doing.
    pub(crate) fn had_its_time(&self) -> bool {
        let slept = self.asleep.get() >= SLEPT && self.turns.get().waited < WAITED;
        let slept_on = self.asleep_on.get() >= SLEPT_ON;
        slept || slept_on || self.still.get() >= LAY_STILL || self.stops_itself()
    }

    /// Whether it was found stopped time after time, although it was let go on each time:
    /// nobody else stops it again within a twentieth of a second.
    pub(crate) fn stops_itself(&self) -> bool {
        let (stopped, all) = (self.stopped.get(), self.glances.get());
        stopped >= STOPS && 4 * stopped > 3 * all
    }

    /// Where it listens, if it does.
    pub(crate) fn port(&self) -> Option<u16> {
        self.port.get()
    }
}

#[cfg(test)]
mod tests {
    use super::{Turns, Watched};
    use crate::pulse::State::{self, Asleep, Awake, Gone, Stopped};
    use std::time::Duration;

    /// Ten seconds: the state at each glance, and what its threads have waited for a core
    /// then.
    fn had_its_time(since: u64, seen: impl Fn(u64) -> (State, u64)) -> bool {
        has_its_time(&Watched::default(), since, seen)
    }

    fn has_its_time(
        watched: &Watched,
        since: u64,
        seen: impl Fn(u64) -> (State, u64),
    ) -> bool {
        for number in 0..10_000 / since {
            let (state, waited) = seen(number);
            let turns = Turns {
                waited: Duration::from_millis(waited),
                count: waited,
            };
            watched.saw(state, turns, Duration::from_millis(since));
        }
        watched.had_its_time()
    }

    #[test]
    fn a_server_that_sleeps_or_stops_itself_had_its_time() {
        assert!(had_its_time(50, |_| (Asleep, 3)));
        // A timer wakes it now and then.
        assert!(had_its_time(50, |number| (Asleep, number / 20)));
        // It had to wait for its first turns, on a busy machine, and sleeps now.
        assert!(had_its_time(100, |number| (Asleep, 100 * number.min(40))));
        assert!(had_its_time(1000, |number| (Asleep, number.min(3))));
        assert!(had_its_time(50, |_| (Stopped, 3)));
    }

    #[test]
    fn a_server_that_listens_and_sleeps_had_its_time_however_busy_the_machine_is() {
        // It looks for clients ten times a second, and waits for its turns.
        let seen = |number| (if number % 2 == 0 { Awake } else { Asleep }, 20 * number);
        assert!(!had_its_time(50, seen));
        let listens = Watched::default();
        listens.port.set(Some(1));
        assert!(has_its_time(&listens, 50, seen));
    }

    #[test]
    fn a_server_that_works_is_starved_or_was_stopped_did_not_have_its_time() {
        assert!(!had_its_time(50, |number| (Awake, number)));
        assert!(!had_its_time(50, |_| (Gone, 0)));
        // It waits for a core, and in between for its files.
        assert!(!had_its_time(50, |number| (
            if number % 8 == 0 { Awake } else { Asleep },
            20 * number
        )));
        // Somebody else stops it for a while, again and again.
        assert!(!had_its_time(50, |number| (
            if number % 9 == 0 { Stopped } else { Awake },
            number
        )));
        // The grader itself hardly had a turn.
        assert!(!had_its_time(1000, |number| (Asleep, number)));
    }
}
