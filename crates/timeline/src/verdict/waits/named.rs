//! Who is named for a wait: the chain of those whose place it got, or else all that it
//! awaited.

use super::{
    covered::Covered,
    holders::Holders,
    shares::{NAMED, named, without_small},
};
use crate::verdict::{
    held::{Held, Holder},
    visit::Visit,
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

impl Holders<'_> {
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
                if self.is_for_place(visit) {
                    found.extend(self.between_services(visit, by_services));
                }
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
