//! Whose turn it is at the operator's terminal: one client after another, in the order in
//! which they asked.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use crate::lock::lock;

/// The clients who wait for the terminal, the one who has it first.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    line: Mutex<Line>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Line {
    clients: VecDeque<(u64, SocketAddr)>,
    given: u64,
}

/// A client's place in the line; dropping it leaves the line.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    number: u64,
}

impl Turns {
    /// Stands in line, and gives the client who has the terminal, if it is another.
    pub(crate) fn queue(&self, peer: SocketAddr) -> (Turn<'_>, Option<SocketAddr>) {
        let mut line = lock(&self.line);
        let first = line.clients.front().map(|(_, peer)| *peer);
        line.given += 1;
        let number = line.given;
        line.clients.push_back((number, peer));
        let turns = self;
        (Turn { turns, number }, first)
    }
}

impl Turn<'_> {
    /// Waits for at most so long; whether the turn has come.
    pub(crate) fn comes_within(&self, time: Duration) -> bool {
        let is_another = |line: &mut Line| {
            line.clients
                .front()
                .is_some_and(|(at, _)| *at != self.number)
        };
        let line = lock(&self.turns.line);
        let waited = self.turns.moved.wait_timeout_while(line, time, is_another);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut line = lock(&self.turns.line);
        line.clients.retain(|(number, _)| *number != self.number);
        self.turns.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Turns;

    #[test]
    fn turns_come_in_the_order_of_asking_and_a_client_may_leave_the_line() {
        let (turns, peer) = (Turns::default(), "127.0.0.1:1".parse().unwrap());
        let (first, before) = turns.queue(peer);
        assert!(before.is_none() && first.comes_within(Duration::ZERO));
        let (second, before) = turns.queue(peer);
        let (third, _) = turns.queue(peer);
        assert_eq!(before, Some(peer));
        assert!(!second.comes_within(Duration::ZERO));
        drop(second);
        assert!(!third.comes_within(Duration::ZERO));
        drop(first);
        assert!(third.comes_within(Duration::ZERO));
    }
}
