//! Every wait, and who held a place during it. Sorts and sweeps: 100,000 requests take a
//! fraction of a second.

use super::{
    SLACK_US,
    covered::Covered,
    held::{self, Held, Holder},
    longest::Longest,
    shares::{NAMED, named, without_small},
    visit::Visit,
};
use crate::record::ServerRun;

/// One request's wait, from its sending to its service.
#[derive(Clone, Debug, Default)]
pub(super) struct Wait {
    /// How long it was.
    pub(super) waited: u64,
    /// For how much of it others held a place whose end it awaited.
    pub(super) covered: u64,
    /// The same between the claimed and the believed start of its service.
    pub(super) covered_inside: u64,
    /// Whether one of those had come before it.
    pub(super) is_behind: bool,
    /// Whether one that was answered just after it may have been served just before it.
    pub(super) may_be_behind: bool,
    /// Who held a place in the meantime, and for how long.
    pub(super) shares: Vec<(Holder, u64)>,
    /// Whether there were more than are named.
    pub(super) more: bool,
}

impl Wait {
    /// The part that nobody accounts for.
    pub(super) fn unexplained(&self) -> u64 {
        self.waited - self.covered.min(self.waited)
    }

    /// Whether others account for at least half of it.
    pub(super) fn is_explained(&self) -> bool {
        self.is_behind && self.is_covered()
    }

    /// Whether those who account for it all came later.
    pub(super) fn is_overtaken(&self) -> bool {
        !self.is_behind && self.is_covered()
    }

    fn is_covered(&self) -> bool {
        self.waited > 0 && self.covered >= self.waited.div_ceil(2)
    }
}

/// The waits of all visits, in their order.
///
/// Two requests that met were served together: neither waited for the other.
pub(super) fn waits(server: &ServerRun, visits: &[Visit]) -> Vec<Wait> {
    let connections = held::connections(server, visits);
    let services = held::services(visits, |_| false);
    let own = held::by_connection(visits, server.connections.len());
    let mut waits = Sweep::of(visits, &services, &connections, &own).run(|_| true);
    if visits.iter().any(|visit| visit.has_met) {
        let others = held::services(visits, |visit| visit.has_met);
        let alone = Sweep::of(visits, &others, &[], &own).run(|visit| visit.has_met);
        for ((wait, alone), visit) in waits.iter_mut().zip(alone).zip(visits) {
            if visit.has_met {
                let may_be_behind = wait.is_explained();
                *wait = Wait {
                    may_be_behind,
                    ..alone
                };
            }
        }
    }
    waits
}

struct Sweep<'a> {
    visits: &'a [Visit],
    services: Longest<'a>,
    connections: Longest<'a>,
    /// The services of each connection.
    own: Vec<Longest<'a>>,
    /// Both, in the order of their ends.
    all: Vec<Held>,
    is_service: &'a [Held],
}

impl<'a> Sweep<'a> {
    fn of(
        visits: &'a [Visit],
        services: &'a [Held],
        connections: &'a [Held],
        own: &'a [Vec<Held>],
    ) -> Self {
        let mut all = [services, connections].concat();
        all.sort_by_key(|one| one.to);
        Self {
            visits,
            services: Longest::of(services),
            connections: Longest::of(connections),
            own: own.iter().map(|held| Longest::of(held)).collect(),
            all,
            is_service: services,
        }
    }

    /// Goes through the visits in the order in which their waits ended.
    fn run(&self, of: impl Fn(&Visit) -> bool) -> Vec<Wait> {
        let mut waits = vec![Wait::default(); self.visits.len()];
        let mut order: Vec<usize> = (0..self.visits.len()).collect();
        order.sort_by_key(|index| self.visits.get(*index).map(limit));
        let (mut by_all, mut by_services) = (Covered::default(), Covered::default());
        let (mut all, mut services) = (self.all.iter(), self.is_service.iter());
        for index in order {
            let (Some(visit), Some(wait)) =
                (self.visits.get(index), waits.get_mut(index))
            else {
                continue;
            };
            let limit = limit(visit);
            add_ended(&mut all, &mut by_all, limit);
            add_ended(&mut services, &mut by_services, limit);
            if of(visit) && visit.waited() > 0 {
                *wait = self.wait(index, visit, &by_all, &by_services);
            }
        }
        waits
    }

    fn wait(
        &self,
        index: usize,
        visit: &Visit,
        by_all: &Covered,
        by_services: &Covered,
    ) -> Wait {
        let myself = Holder::Service(index);
        let (sent, turn, start) = (visit.sent, turn(visit), visit.start());
        let services = self.services.ended(turn, limit(visit));
        let connections = self.connections.ended(turn, limit(visit));
        let late = self
            .services
            .ended(limit(visit), visit.replied + slack(visit));
        let ever = (sent, u64::MAX);
        let is_behind = turn > sent
            || self.services.has(services, myself, ever, 0)
            || self.connections.has(connections, myself, ever, 0);
        let half = visit.waited().div_ceil(2);
        let mut wait = Wait {
            waited: visit.waited(),
            covered: turn - sent + by_all.between(turn, start),
            covered_inside: visit
                .claimed_start
                .map_or(0, |claimed| by_all.between(claimed.max(turn), start)),
            is_behind,
            may_be_behind: self.services.has(late, myself, (sent, start), half),
            ..Wait::default()
        };
        if wait.is_explained() {
            (wait.shares, wait.more) = self.shares(visit, by_services);
        }
        wait
    }

    /// Those with the largest shares, by name. A connection counts for the time in which
    /// none of its requests, and no other, was in service.
    fn shares(&self, visit: &Visit, by_services: &Covered) -> (Vec<(Holder, u64)>, bool) {
        let (turn, start) = (turn(visit), visit.start());
        let range = self.services.ended(turn, limit(visit));
        let mut found = self.services.shares(range, turn, start, NAMED + 1);
        found.extend(self.ahead_of(visit));
        found.extend(self.between_services(visit, by_services));
        let found = without_small(found);
        if found.len() <= NAMED {
            return named(found);
        }
        let whole = without_small(self.connections(visit, NAMED + 1));
        named(if whole.is_empty() { found } else { whole })
    }

    /// The requests before it on its connection that were not answered when it was sent.
    fn ahead_of(&self, visit: &Visit) -> Vec<(Held, u64)> {
        let (sent, turn) = (visit.sent, turn(visit));
        let own = self.own.get(visit.connection).filter(|_| turn > sent);
        own.map_or_else(Vec::new, |own| {
            own.shares(own.ended(sent, turn), sent, turn, NAMED + 1)
        })
    }

    fn connections(&self, visit: &Visit, most: usize) -> Vec<(Held, u64)> {
        let (turn, start) = (turn(visit), visit.start());
        let range = self.connections.ended(turn, limit(visit));
        let mut found = self.connections.shares(range, turn, start, most);
        found.retain(|(held, _)| held.holder != Holder::Connection(visit.connection));
        found
    }

    /// What is left to connections, first come first: each moment is one's alone.
    fn between_services(&self, visit: &Visit, services: &Covered) -> Vec<(Held, u64)> {
        let (turn, start) = (turn(visit), visit.start());
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

/// From here on it waits for other connections: before, it waits for the replies before
/// it on its own.
fn turn(visit: &Visit) -> u64 {
    visit
        .earliest
        .clamp(visit.sent, visit.start().max(visit.sent))
}

/// The moment by which those whom it awaited had ended. A tenth of the wait, at most
/// [`SLACK_US`], is left to the two replies' ways to the client; but who is answered
/// after it was not awaited.
fn limit(visit: &Visit) -> u64 {
    (visit.start() + slack(visit)).min(visit.replied)
}

fn slack(visit: &Visit) -> u64 {
    (visit.waited() / 10).min(SLACK_US)
}

fn add_ended<'a>(
    held: &mut (impl Iterator<Item = &'a Held> + Clone),
    covered: &mut Covered,
    limit: u64,
) {
    let mut ahead = held.clone();
    while let Some(one) = ahead.next().filter(|one| one.to <= limit) {
        covered.add(one.from, one.to);
        *held = ahead.clone();
    }
}
