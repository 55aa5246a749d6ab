//! When a connection can have got a place, and by when it surely had one.

use super::{
    MS,
    places::{Held, SAME},
    relations::Definition,
};

impl Definition<'_> {
    /// When a connection closed: its client sees 1 ms later that the server did.
    pub(super) fn closed(&self, index: usize) -> u64 {
        let connection = &self.server.connections[index];
        let closed = connection.closed_us.unwrap() / MS;
        let own = self.seen.iter().filter(|one| one.connection == index);
        let replied = own.map(|one| one.replied).max().unwrap_or(0);
        closed - u64::from(connection.closed_by_server && closed > replied + 1)
    }

    /// The first service of each connection, and when it opened.
    fn firsts(&self) -> impl Iterator<Item = (u64, u64)> {
        let connections = self.server.connections.iter().enumerate();
        connections.filter_map(|(index, connection)| {
            let first = self.seen.iter().find(|one| one.connection == index)?;
            Some((connection.opened_us.unwrap() / MS, first.started))
        })
    }

    /// When a connection without a reply can have got a place at the earliest.
    pub(super) fn let_in(&self, opened: u64) -> u64 {
        let before = self.firsts().filter(|(came, _)| came + SAME <= opened);
        before
            .map(|(_, started)| started)
            .max()
            .unwrap_or(0)
            .max(opened)
    }

    /// Whether nobody else was connected when it came.
    fn is_alone(&self, index: usize) -> bool {
        let opened = self.server.connections[index].opened_us.unwrap() / MS;
        let mut others = self.server.connections.iter().enumerate();
        others.all(|(other, one)| {
            let came = one.opened_us.unwrap() / MS;
            let closed = one.closed_us.unwrap() / MS;
            other == index || came >= opened + SAME || closed + SAME <= opened
        })
    }

    /// The same, and a place that is left goes to the first that came of those without a
    /// reply who are connected.
    pub(super) fn let_in_by(&self, index: usize) -> u64 {
        let by = self.let_in_by.get_or_init(|| self.passed_on());
        by[index]
    }

    fn passed_on(&self) -> Vec<u64> {
        let all = 0..self.server.connections.len();
        let mut by: Vec<u64> = all.map(|index| self.let_in_alone(index)).collect();
        let mut held = self.held();
        held.sort_by_key(|one| (one.2, one.1));
        let known: Vec<u64> = held
            .iter()
            .filter(|one| by[one.0] <= one.1)
            .map(|one| one.1)
            .collect();
        let mut unsure: Vec<Held> = held
            .iter()
            .filter(|one| by[one.0] > one.1)
            .copied()
            .collect();
        let opened =
            |index: usize| self.server.connections[index].opened_us.unwrap() / MS;
        unsure.sort_by_key(|one| {
            (opened(one.0), held.iter().position(|other| other == one))
        });
        for (index, _, to) in held {
            let is_taken = known.iter().any(|start| start.abs_diff(to) <= SAME);
            if by[index] >= to || is_taken {
                continue;
            }
            unsure.retain(|one| one.2 > to + SAME);
            if unsure.first().is_some_and(|one| opened(one.0) + SAME < to) {
                let next = unsure.remove(0).0;
                by[next] = by[next].min(to);
            }
        }
        by
    }

    /// By when a connection surely held a place: when it was served, when it came if
    /// nobody else was there, when one that came later was served, or when the server
    /// closed it.
    fn let_in_alone(&self, index: usize) -> u64 {
        if let Some(first) = self.seen.iter().find(|one| one.connection == index) {
            return first.started;
        }
        let connection = &self.server.connections[index];
        let opened = connection.opened_us.unwrap() / MS;
        if self.is_alone(index) {
            return self.let_in(opened);
        }
        let later = self.firsts().filter(|(came, _)| *came >= opened + SAME);
        let served = later.map(|one| one.1).min().unwrap_or(u64::MAX);
        let by = served.max(self.let_in(opened));
        match connection.closed_by_server {
            true => by.min(self.closed(index) - 1),
            false => by,
        }
    }

    /// The same connection from when on it had a place: who came last took the last one
    /// that was left before it surely had one, and that nobody is seen to take.
    pub(super) fn in_place(&self, (index, from, to): Held) -> Held {
        let held = self.held();
        let mut known = held.clone();
        known.retain(|one| self.let_in_by(one.0) <= one.1);
        let is_taken = |end: u64| known.iter().any(|one| one.1.abs_diff(end) <= SAME);
        let sure = held.iter().filter(|one| self.let_in_by(one.0) < one.2);
        let ends = sure.map(|one| one.2);
        let mut free: Vec<u64> = ends.filter(|end| !is_taken(*end)).collect();
        let mut unsure: Vec<&Held> = held.iter().collect();
        unsure.retain(|one| self.let_in_by(one.0) > one.1);
        unsure.sort_by_key(|one| (self.server.connections[one.0].opened_us, one.0));
        for one in unsure.into_iter().rev() {
            let by = self.let_in_by(one.0);
            let is_before = |end: u64| one.1 < end && end <= by && end + SAME < one.2;
            let got = free.iter().copied().filter(|end| is_before(*end)).max();
            if one.0 == index {
                return (index, got.unwrap_or(from), to);
            }
            if let Some(place) = free.iter().position(|end| Some(*end) == got) {
                free.remove(place);
            }
        }
        (index, from, to)
    }
}
