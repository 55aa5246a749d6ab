//! The moments that the loop must not sleep past: at most one for each client.

use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, Instant},
};

use mio::Token;

/// Timers in the order in which they end. They cost no thread and no processor time.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BTreeSet<(Instant, Token)>,
    /// Where in the queue each client's timer is.
    queued: HashMap<Token, Instant>,
}

impl Timers {
    /// Wakes `token` at `wake_at` or a little before, for it to set its timer anew. A
    /// timer that is only put off stays where it is: a client that asks often would
    /// otherwise move its idle timeout through the queue with each request.
    pub(crate) fn set(&mut self, token: Token, wake_at: Option<Instant>) {
        let Some(wake_at) = wake_at else { return };
        match self.queued.get(&token) {
            Some(queued) if *queued <= wake_at => return,
            Some(queued) => self.queue.remove(&(*queued, token)),
            None => false,
        };
        self.queue.insert((wake_at, token));
        self.queued.insert(token, wake_at);
    }

    /// Forgets a client that has left.
    pub(crate) fn remove(&mut self, token: Token) {
        if let Some(queued) = self.queued.remove(&token) {
            self.queue.remove(&(queued, token));
        }
    }

    /// How long until the first timer ends; `None` without timers.
    pub(crate) fn time_left(&self, now: Instant) -> Option<Duration> {
        let (first, _) = self.queue.first()?;
        Some(first.saturating_duration_since(now))
    }

    /// Takes out a client whose timer has ended.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<Token> {
        let (first, token) = *self.queue.first()?;
        (first <= now).then(|| {
            self.remove(token);
            token
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Timers;
    use mio::Token;
    use std::time::{Duration, Instant};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn timers_end_in_order_and_those_of_clients_that_left_never() {
        let start = Instant::now();
        let mut timers = Timers::default();
        for (token, seconds) in [(1, 3), (2, 1), (3, 2)] {
            timers.set(Token(token), Some(start + seconds * SECOND));
        }
        timers.remove(Token(3));
        assert_eq!(timers.time_left(start), Some(SECOND));
        assert_eq!(timers.pop(start), None);
        let late = start + 5 * SECOND;
        assert_eq!(timers.pop(late), Some(Token(2)));
        assert_eq!(timers.pop(late), Some(Token(1)));
        assert_eq!(timers.time_left(late), None);
    }

    #[test]
    fn a_timer_that_is_put_off_may_wake_early_and_none_wakes_late() {
        let start = Instant::now();
        let mut timers = Timers::default();
        timers.set(Token(1), Some(start + 2 * SECOND));
        timers.set(Token(1), Some(start + 3 * SECOND));
        assert_eq!(timers.time_left(start), Some(2 * SECOND));
        timers.set(Token(1), Some(start + SECOND));
        assert_eq!(timers.time_left(start), Some(SECOND));
        assert_eq!(timers.pop(start + SECOND), Some(Token(1)));
        assert_eq!(timers.pop(start + 3 * SECOND), None);
    }
}
