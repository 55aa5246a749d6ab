//! All who held places during the waits, and which of them are named for one wait: the
//! chain of those whose place it got, or else all that it awaited.

use std::ops::Range;

use super::{
    covered::Covered,
    longest::Longest,
    rivals::Rivals,
    shares::{NAMED, named, without_small},
};
use crate::{
    record::{Late, ServerRun},
    verdict::{
        held::{Held, Holder, chain::Places},
        visit::Visit,
    },
};

/// Who is named for a wait.
pub(crate) struct Named {
    pub(crate) shares: Vec<(Holder, u64)>,
    /// Whether there are more than are named.
    pub(crate) more: bool,
    /// Whether a service may have been in its way that ended just after it, and not
    /// these.
    pub(crate) may_be_another: bool,
}

/// Services and connections, each in the order of their ends.
pub(crate) struct Holders<'a> {
    services: Longest<'a>,
    connections: Longest<'a>,
    /// None where a connection holds nothing.
    places: Option<Places<'a>>,
    /// The services of each connection.
    own: Vec<Longest<'a>>,
    /// The same from each one's turn on: those ahead of a request on its connection.
    ahead: Vec<Longest<'a>>,
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

    /// The longest share of a wait among the services that ended in this range.
    pub(crate) fn longest_service(&self, ended: Range<u64>, wait: Range<u64>) -> u64 {
        let range = self.services.ended(ended.start, ended.end);
        let longest = self.services.shares(range, wait.start, wait.end, 1);
        longest.first().map_or(0, |(_, share)| *share)
    }

    /// The connections whose place a request got, if they are known.
    fn chain(&self, visit: &Visit) -> Option<Vec<Held>> {
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

    fn rivals(&self) -> Rivals<'_> {
        Rivals {
            services: &self.services,
            own: &self.own,
            late: self.late,
        }
    }

    /// Those with the largest shares of a wait.
    pub(crate) fn named(&self, visit: &Visit, by_services: &Covered) -> Named {
        let chain = self.chain(visit);
        let (turn, start) = (visit.turn(), visit.start());
        let half_served = by_services.between(turn, start) * 2 >= start - turn;
        let places = chain.as_deref().unwrap_or_default();
        let may_be_another = (chain.is_some() || !half_served)
            && self.rivals().may_be_later(places, visit);
        let (shares, more) = self.largest(visit, chain, by_services);
        Named {
            shares,
            more,
            may_be_another,
        }
    }

    /// The largest shares, and whether there are more.
    fn largest(
        &self,
        visit: &Visit,
        chain: Option<Vec<Held>>,
        by_services: &Covered,
    ) -> (Vec<(Holder, u64)>, bool) {
        let (turn, start) = (visit.turn(), visit.start());
        let mut found = match &chain {
            Some(chain) => self.of_chain(chain, visit),
            None => {
                let range = self.services.ended(turn, visit.limit());
                let mut found = self.services.shares(range, turn, start, NAMED + 1);
                found.extend(self.between_services(visit, by_services));
                found
            }
        };
        found.extend(self.ahead_of(visit));
        let found = without_small(found);
        match chain {
            Some(chain) if found.len() > NAMED => {
                let whole = chain.into_iter().map(|one| (one, one.between(turn, start)));
                named(without_small(whole.collect()))
            }
            _ => named(found),
        }
    }

    /// The services of the connections in a chain, and the silence of each.
    fn of_chain(&self, chain: &[Held], visit: &Visit) -> Vec<(Held, u64)> {
        let (turn, start) = (visit.turn(), visit.start());
        let mut found = Vec::new();
        for one in chain {
            let mut silence = one.between(turn, start);
            if let Holder::Connection(index) = one.holder
                && let Some(own) = self.own.get(index)
            {
                let range = own.ended(turn, visit.limit());
                let services = own.shares(range, turn, start, usize::MAX);
                silence -= services.iter().map(|(_, share)| share).sum::<u64>();
                found.extend(services);
            }
            found.push((*one, silence));
        }
        found.retain(|(_, share)| *share > 0);
        found
    }

    /// The requests before it on its connection that were not answered when it was sent.
    fn ahead_of(&self, visit: &Visit) -> Vec<(Held, u64)> {
        let (sent, turn) = (visit.sent, visit.turn());
        let ahead = self.ahead.get(visit.connection).filter(|_| turn > sent);
        ahead.map_or_else(Vec::new, |ahead| {
            ahead.shares(ahead.ended(sent, turn), sent, turn, NAMED + 1)
        })
    }

    fn connections(&self, visit: &Visit, most: usize) -> Vec<(Held, u64)> {
        let (turn, start) = (visit.turn(), visit.start());
        let range = self.connections.ended(turn, visit.limit());
        let mut found = self.connections.shares(range, turn, start, most);
        found.retain(|(held, _)| held.holder != Holder::Connection(visit.connection));
        found
    }

    /// What is left to connections, first come first: each moment is one's alone. A
    /// connection counts while none of its requests, and no other, was in service.
    fn between_services(&self, visit: &Visit, services: &Covered) -> Vec<(Held, u64)> {
        let (turn, start) = (visit.turn(), visit.start());
        let mut found = self.connections(visit, 2 * NAMED);
        found.sort_by_key(|(held, _)| (held.from, held.to, held.holder));
        let mut taken = turn;
        for (held, share) in &mut found {
            let (from, to) = (held.from.max(taken), held.to.min(start));
            *share = to.saturating_sub(from) - services.between(from, to);
            taken = taken.max(to);
        }
        found.retain(|(_, share)| *share > 0);
        found
    }
}
