//! How a client gets a place of a simulated server, or its lock, and is served.

use super::{Guest, Held, Kind, Truth};
use fixture::Dice;

/// What a simulated server has to give.
pub(super) struct State {
    /// When each place is free.
    places: Vec<u64>,
    lock: u64,
    noise: u64,
}

/// One client, as far as it has come.
pub(super) struct Life {
    pub(super) next: u64,
    asked: usize,
    /// Which place it got, where there are any; its end as far as it is known.
    pub(super) held: Option<Held>,
    /// Sent, what really happened, and the stamp of the reply.
    pub(super) truths: Vec<(u64, Truth, u64)>,
    pub(super) closed: u64,
    pub(super) is_over: bool,
}

impl Life {
    pub(super) fn of(guest: &Guest) -> Self {
        Self {
            next: guest.at,
            asked: 0,
            held: None,
            truths: Vec::new(),
            closed: 0,
            is_over: false,
        }
    }
}

impl State {
    /// A place that is held by a connection that goes on is free at the end of time.
    const HELD: u64 = u64::MAX;

    pub(super) fn of(kind: Kind, noise: u64) -> Self {
        let places = match kind {
            Kind::Places(places) => places,
            Kind::Threads | Kind::Lock => 0,
        };
        Self {
            places: vec![0; places],
            lock: 0,
            noise,
        }
    }

    pub(super) fn has_place_for(&self, life: &Life) -> bool {
        let is_free = self.places.iter().any(|free| *free != Self::HELD);
        self.places.is_empty() || life.held.is_some() || is_free
    }

    /// When its next step can be: who has no place waits for one.
    pub(super) fn step_at(&self, life: &Life) -> u64 {
        let free = self.places.iter().min().filter(|_| life.held.is_none());
        free.map_or(life.next, |free| life.next.max(*free))
    }

    pub(super) fn step(
        &mut self,
        guest: &Guest,
        life: &mut Life,
        kind: Kind,
        dice: &mut Dice,
    ) {
        let sent = life.next;
        let mut free = if kind == Kind::Lock { self.lock } else { 0 };
        if life.held.is_none() && !self.places.is_empty() {
            let places = 0..self.places.len();
            let place = places.min_by_key(|place| self.places[*place]).unwrap();
            free = self.places[place];
            let from = sent.max(free);
            life.held = Some(Held {
                place,
                from,
                to: from,
            });
        }
        let from = sent.max(free) + dice.below(self.noise + 1);
        let mut stamp = sent;
        if let Some(sleep) = guest.sleeps.get(life.asked) {
            let to = from + sleep + 1 + dice.below(50);
            let blocked = free.saturating_sub(sent);
            stamp = to + dice.below(self.noise + 1);
            life.truths.push((sent, Truth { from, to, blocked }, stamp));
            if kind == Kind::Lock {
                self.lock = to;
            }
        }
        life.asked += 1;
        life.is_over = life.asked >= guest.sleeps.len();
        life.next = stamp + guest.pause;
        life.closed = stamp + guest.hold + 1;
        if let Some(held) = &mut life.held {
            held.to = life.closed.max(from);
            self.places[held.place] = match life.is_over {
                true => held.to,
                false => Self::HELD,
            };
        }
    }
}
