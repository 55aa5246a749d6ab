//! One thread that never waits for a client.

use std::collections::VecDeque;

use sleep_demo::scenario::ClientSpec;

use super::actor::{Actor, Does, ticks};

/// One thread that never waits for a client: a request that computes occupies it.
pub(super) fn event_loop(specs: &[ClientSpec]) -> Vec<Actor<'_>> {
    let mut actors: Vec<Actor<'_>> = specs.iter().enumerate().map(Actor::of).collect();
    // Who has something to be looked at: a request that came, or a wait that is over.
    let mut ready: VecDeque<(usize, bool, u64)> = VecDeque::new();
    let mut busy_until = 0;
    let (mut now, mut set) = (0, actors.len());
    while actors.iter().any(|actor| actor.does != Does::HasLeft) || !ready.is_empty() {
        let mut has_changed = true;
        while has_changed {
            has_changed = false;
            // What happens at one moment happens in the order in which it was set in
            // motion.
            let due = actors.iter_mut().filter(|actor| actor.is_due(now));
            if let Some(actor) = due.min_by_key(|actor| actor.set_at) {
                has_changed = true;
                match actor.does {
                    Does::NotYetThere if actor.spec.requests.is_empty() => {
                        actor.begin(now, now); // it needs the loop for nothing
                    }
                    Does::IsServed(_) => {
                        actor.does = Does::Queues;
                        ready.push_back((actor.index, false, now));
                    }
                    Does::Stays(_) => (actor.does, actor.left) = (Does::HasLeft, now),
                    _ => {
                        actor.does = Does::Queues;
                        ready.push_back((actor.index, true, now));
                    }
                }
                continue;
            }
            if busy_until <= now
                && let Some((index, asks, since)) = ready.pop_front()
            {
                has_changed = true;
                let actor = &mut actors[index];
                set += 1;
                actor.set_at = set;
                if !asks {
                    actor.visits.last_mut().unwrap()[2] = now;
                    actor.goes_on_in_a_loop(now);
                    continue;
                }
                let sent = if actor.spec.pipeline {
                    ticks(actor.spec.at)
                } else {
                    since
                };
                actor.begin(now, sent);
                let sleeps = actor
                    .asked_last()
                    .is_some_and(|one| one.starts_with("SLEEP"));
                if let Does::IsServed(until) = actor.does
                    && !sleeps
                {
                    busy_until = until;
                    actor.goes_on_in_a_loop(until);
                }
            }
        }
        now += 1;
    }
    actors
}

impl Actor<'_> {
    fn is_due(&self, now: u64) -> bool {
        match self.does {
            Does::NotYetThere => ticks(self.spec.at) == now,
            Does::IsServed(until) | Does::Thinks(until) | Does::Stays(until) => {
                until == now
            }
            Does::Queues | Does::HasLeft => false,
        }
    }

    /// The request that was asked for last.
    fn asked_last(&self) -> Option<&str> {
        let index = self.visits.len().checked_sub(1)?;
        self.spec.requests.get(index).map(String::as_str)
    }

    /// Its reply is in; in a loop its next request is one event among others.
    fn goes_on_in_a_loop(&mut self, now: u64) {
        let is_last = self.visits.len() == self.spec.requests.len();
        let reads = now + ticks(self.spec.read_delay);
        self.does = match (is_last, self.spec.pipeline) {
            (true, _) => Does::Stays(reads + ticks(self.spec.hold)),
            (false, true) => Does::Thinks(now),
            (false, false) => Does::Thinks(reads + ticks(self.spec.pause)),
        };
    }
}
