//! All who held places during the waits, and those whose place a request got.

use std::ops::Range;

use super::{longest::Longest, rivals::Rivals, shares::NAMED};
use crate::{
    record::{Late, ServerRun},
    verdict::{
        held::{Held, Holder, chain::Places},
        tolerance,
        visit::Visit,
    },
};

/// Services and connections, each in the order of their ends.
pub(crate) struct Holders<'a> {
    pub(super) services: Longest<'a>,
    pub(super) connections: Longest<'a>,
    /// None where a connection holds nothing.
    places: Option<Places<'a>>,
    /// The services of each connection.
    pub(super) own: Vec<Longest<'a>>,
    /// The same from each one's turn on: those ahead of a request on its connection.
    pub(super) ahead: Vec<Longest<'a>>,
    late: &'a [Late],
}

impl<'a> Holders<'a> {
    pub(crate) fn of(
        server: &'a ServerRun,
        services: &'a [Held],
        connections: &'a [Held],
        own: &'a [Vec<Held>],
        ahead: &'a [Vec<Held>],
        has_places: bool,
    ) -> Self {
        let places = || Places::of(connections, own, &server.late);
        Self {
            services: Longest::of(services),
            connections: Longest::of(connections),
            places: has_places.then(places),
            own: own.iter().map(|held| Longest::of(held)).collect(),
            ahead: ahead.iter().map(|held| Longest::of(held)).collect(),
            late: &server.late,
        }
    }

    /// Services and connections, each in the order of their ends.
    pub(crate) fn in_order(&self) -> (&'a [Held], &'a [Held]) {
        (self.services.all(), self.connections.all())
    }

    /// Whether one but `myself` ended after the start of the range and not after its end,
    /// and came and can have ended by these moments.
    pub(crate) fn has(&self, ended: Range<u64>, myself: Holder, by: (u64, u64)) -> bool {
        let has = |held: &Longest<'_>| {
            held.has(held.ended(ended.start, ended.end), myself, by, 0)
        };
        has(&self.services) || has(&self.connections)
    }

    /// The same of services that lasted for `least`.
    pub(crate) fn serve(
        &self,
        ended: Range<u64>,
        myself: Holder,
        by: (u64, u64),
        least: u64,
    ) -> bool {
        let range = self.services.ended(ended.start, ended.end);
        self.services.has(range, myself, by, least)
    }

    /// Whether a connection closed at about the moment when a request was served: it
    /// may have left its place to that request.
    pub(crate) fn has_left(&self, visit: &Visit) -> bool {
        let start = visit.start();
        let apart = visit.slack() + self.same_at(start);
        let left = self
            .connections
            .ended(start.saturating_sub(apart), start + apart);
        let (anybody, ever) =
            (Holder::Connection(visit.connection), (u64::MAX, u64::MAX));
        self.connections.has(left, anybody, ever, 0)
    }

    /// Two moments no further apart than this, at this moment, may be the same.
    pub(crate) fn same_at(&self, moment: u64) -> u64 {
        tolerance::same_between(self.late, moment, moment)
    }

    /// Whether a request may have waited for a place: its connection had none, or
    /// another one closed just before.
    pub(crate) fn is_for_place(&self, visit: &Visit) -> bool {
        let just_before = || {
            let from = visit.start().saturating_sub(visit.slack() + 1);
            self.connections.ended(from, visit.limit())
        };
        visit.is_first || !just_before().is_empty()
    }

    /// The longest share of a wait among the services that ended in this range.
    pub(crate) fn longest_service(&self, ended: Range<u64>, wait: Range<u64>) -> u64 {
        let range = self.services.ended(ended.start, ended.end);
        let longest = self.services.shares(range, wait.start, wait.end, 1);
        longest.first().map_or(0, |(_, share)| *share)
    }

    /// The connections whose place a request got, if they are known.
    pub(super) fn chain(&self, visit: &Visit) -> Option<Vec<Held>> {
        let have_rival =
            |left: &[Held], moment: u64| self.rivals().are_awaited(left, moment, visit);
        let chain = self.places.as_ref()?.chain(visit, have_rival)?;
        let waited = chain.iter().any(|one| self.waited_itself(one, visit));
        (!waited).then_some(chain)
    }

    /// Whether a connection that had its place waited itself for half of this wait.
    fn waited_itself(&self, one: &Held, visit: &Visit) -> bool {
        let Holder::Connection(index) = one.holder else {
            return false;
        };
        let (Some(own), Some(ahead)) = (self.own.get(index), self.ahead.get(index))
        else {
            return false;
        };
        let (turn, start) = (visit.turn(), visit.start());
        let range = ahead.ended(turn, visit.limit());
        let longest = ahead.shares(range, turn, start, NAMED).into_iter();
        let waited = longest.map(|(request, share)| {
            let service = own.with(request.holder, request.to);
            match service.filter(|_| request.from >= one.from) {
                Some(service) => share - service.between(turn, start),
                None => 0,
            }
        });
        waited.sum::<u64>() * 2 >= start - turn
    }

    pub(super) fn rivals(&self) -> Rivals<'_> {
        Rivals {
            services: &self.services,
            own: &self.own,
            late: self.late,
        }
    }
}
