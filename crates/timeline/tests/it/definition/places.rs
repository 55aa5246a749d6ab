//! Who held a place, and whose place a request got, in the plainest way.

use super::{
    MS,
    relations::{Definition, Seen},
};

/// Of two connections that opened within this time it is not known which came first.
pub(super) const SAME: u64 = 5;

/// A connection that held a place: its index, from when, and until when.
pub(super) type Held = (usize, u64, u64);

impl Definition<'_> {
    /// The connections that had closed before, from their first service on. A request
    /// whose connection has a place awaits none, unless one closes just before.
    pub(super) fn left(&self, x: &Seen) -> Vec<Held> {
        let held = self.held().into_iter();
        let left: Vec<Held> = held
            .filter(|one| one.2 > x.turn && one.2 * MS <= x.limit())
            .collect();
        let is_then = |one: &Held| one.2 * MS + x.slack() >= x.started * MS;
        match self.is_first(x) || left.iter().any(is_then) {
            true => left,
            false => Vec::new(),
        }
    }

    /// Whether it is the first request of its connection.
    fn is_first(&self, x: &Seen) -> bool {
        let mut own = self.seen.iter().filter(|y| y.connection == x.connection);
        own.next().is_some_and(|first| first.id == x.id)
    }

    /// Whether another connection closed at about the time at which `x` was served.
    fn has_left(&self, x: &Seen) -> bool {
        let apart = x.slack() + SAME * MS;
        let started = x.started * MS;
        self.held().iter().any(|(index, _, closed)| {
            let closed = closed * MS;
            *index != x.connection
                && closed + apart > started
                && closed <= started + apart
        })
    }

    /// All connections that held a place.
    pub(super) fn held(&self) -> Vec<Held> {
        let connections = self.server.connections.iter().enumerate();
        connections
            .filter_map(|(index, connection)| {
                let first = self.seen.iter().find(|one| one.connection == index);
                let opened = connection.opened_us.unwrap() / MS;
                let closed = self.closed(index);
                let from = match first {
                    Some(first) => first.started,
                    None => self.let_in(opened),
                };
                (from < closed).then_some((index, from, closed))
            })
            .collect()
    }

    /// Whether a request waited for those of others and not for a place: its connection
    /// had one, or nobody left.
    fn has_no_places(&self) -> bool {
        let tolerance = self.tolerance();
        self.seen.iter().any(|x| {
            let needs_none =
                !self.is_first(x) || !(self.has_left(x) || self.may_be_behind(x));
            let from_turn = x.started - x.turn;
            let served = (x.turn..x.started).filter(|now| self.is_served(x, *now));
            needs_none && from_turn > tolerance && 2 * served.count() as u64 >= from_turn
        })
    }

    /// Whether a connection that had its place waited for half of the wait of `x`.
    fn waited_itself(&self, x: &Seen, (connection, from, _): Held) -> bool {
        let waits = self.seen.iter().filter(|y| {
            let is_done = y.replied > x.turn && y.replied * MS <= x.limit();
            y.connection == connection && y.turn >= from && is_done
        });
        let during = |at: u64| at.clamp(x.turn, x.started);
        let waited = waits.map(|y| during(y.started) - during(y.turn));
        2 * waited.sum::<u64>() >= x.started - x.turn
    }

    /// Whether one of these requests lasted for a quarter of the wait, is of none of
    /// these connections, and ended nearer to a moment than they closed.
    fn is_rival(&self, x: &Seen, moment: u64, chain: &[Held], y: &Seen) -> bool {
        let nearest = chain.iter().map(|one| one.2.abs_diff(moment)).min();
        let is_nearer = |nearest| y.replied.abs_diff(moment) + SAME < nearest;
        let share = moment.min(y.replied).saturating_sub(y.started.max(x.turn));
        nearest.is_none_or(is_nearer)
            && 4 * share >= x.started - x.turn
            && !chain.iter().any(|one| one.0 == y.connection)
    }

    /// Whether `x` may have been behind a request whose reply came just after its own.
    pub(super) fn may_be_another(&self, x: &Seen) -> bool {
        let chain = self.chain(x);
        let served = (x.turn..x.started).filter(|now| self.is_served(x, *now));
        if chain.is_none() && 2 * served.count() as u64 >= x.started - x.turn {
            return false;
        }
        let chain = chain.unwrap_or_default();
        let late = x.limit() + 1..=x.replied * MS + x.slack();
        self.seen.iter().any(|y| {
            y.id != x.id
                && late.contains(&(y.replied * MS))
                && y.sent <= x.sent
                && y.earliest_end() <= x.started
                && self.is_rival(x, x.started, &chain, y)
        })
    }

    /// The connections whose place `x` got, one after another, back to its turn.
    pub(super) fn chain(&self, x: &Seen) -> Option<Vec<Held>> {
        if self.has_no_places() {
            return None;
        }
        let is_place =
            |chain: &Vec<Held>| !chain.iter().any(|one| self.waited_itself(x, *one));
        let way = |is_served| self.way_back(x, is_served);
        way(true).or_else(|| way(false)).filter(is_place)
    }

    /// Whether a connection got its last reply just before it closed, and that before a
    /// moment.
    fn is_served_then(&self, (index, _, to): &Held, moment: u64) -> bool {
        let mut own = self.seen.iter().filter(|one| one.connection == *index);
        own.next_back()
            .is_some_and(|last| last.replied <= moment && *to <= last.replied + SAME)
    }

    fn way_back(&self, x: &Seen, is_served: bool) -> Option<Vec<Held>> {
        let slack = x.slack();
        let mut chain: Vec<Held> = Vec::new();
        let mut moment = x.started;
        while moment * MS > x.turn * MS + slack {
            let is_then = |one: &Held| {
                (one.2 * MS).abs_diff(moment * MS) <= slack
                    && one.1 < moment
                    && !chain.iter().any(|had| had.0 == one.0)
            };
            let left = self.left(x).into_iter();
            let mut left: Vec<Held> = left.filter(is_then).collect();
            let all: Vec<Held> = self.held().into_iter().filter(is_then).collect();
            if left.iter().any(|one| one.2 <= moment) {
                left.retain(|one| one.2 <= moment);
            }
            let is_then = |one: &Held| one.2.abs_diff(moment) <= SAME;
            if left.iter().any(is_then) {
                left.retain(is_then);
            }
            let is_sure = |one: &Held| self.let_in_by(one.0) < one.2;
            if left.iter().any(is_sure) {
                left.retain(is_sure);
            } else {
                let came = |one: &Held| self.server.connections[one.0].opened_us;
                left.sort_by_key(|one| (came(one), one.0));
                left.truncate(1);
            }
            let distance = |one: &Held| one.2.abs_diff(moment);
            let nearest = left.iter().map(distance).min().unwrap_or(0);
            left.retain(|one| distance(one) <= nearest + SAME);
            let served = all.into_iter().filter(|one| {
                is_served
                    && one.2 > x.turn
                    && self.is_served_then(one, moment)
                    && distance(one) <= nearest + SAME
            });
            let served: Vec<Held> = served.collect();
            left = if served.is_empty() { left } else { served };
            let awaited = self.awaited(x);
            if !left.is_empty()
                && awaited.iter().any(|y| self.is_rival(x, moment, &left, y))
            {
                return None;
            }
            let left: Vec<Held> =
                left.into_iter().map(|one| self.in_place(one)).collect();
            moment = left.iter().map(|one| one.1).min()?;
            chain.extend(left);
        }
        (!chain.is_empty()).then_some(chain)
    }
}
