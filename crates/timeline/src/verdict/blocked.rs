//! Who was blocked by whom: a request that waited longer than the machine accounts for,
//! while others that had come before held places, and that was served when they left.

use super::{
    Behind, Blocker, Inside, Judged,
    claims::{cuts_sleeps, says_too_little},
    held::{self, Holder},
    overtook,
    sure_services::SureServices,
    tolerance,
    visit::{Reading, Visit, visits},
    waits::wait::Wait,
    waits::waits,
};
use crate::{
    no_room::NoRoom,
    record::{Connection, Request, ServerRun},
};

/// A server that is caught counting waiting as service claims at least this much: 20 ms.
pub(crate) const LEAST_EXCESS_US: u64 = 20_000;

/// What order says of one server.
pub(crate) struct Order {
    pub(crate) visits: Vec<Visit>,
    /// One for each request of the record.
    pub(crate) judged: Vec<Judged>,
    /// A wait up to this long cannot be laid to anybody's charge.
    pub(crate) tolerance_us: u64,
    /// How many requests were sent while somebody else held a place.
    pub(crate) came_behind: usize,
}

/// Judges every request: by the server's own service times, and where those are found to
/// contain waiting, by what each request takes alone.
pub(crate) fn judge(server: &ServerRun) -> Order {
    let no_room = NoRoom::of(server);
    let claimed = Evidence::of(server, Reading::Claimed, &no_room);
    let is_suspect = |visit: &Visit| visit.excess > LEAST_EXCESS_US;
    if claimed.visits.iter().any(is_suspect) {
        let alone = Evidence::of(server, Reading::Alone, &no_room);
        let all = 0..alone.visits.len();
        let inside: Vec<bool> = all.map(|index| alone.waited_inside(index)).collect();
        if inside.contains(&true) {
            let known = Evidence::of(server, Reading::KnownAlone, &no_room);
            return known.order(server, &inside);
        }
        let mut order = claimed.order(server, &[]);
        alone.doubt(&mut order.judged);
        return order;
    }
    claimed.order(server, &[])
}

/// A server's visits and waits, read in one way.
struct Evidence {
    reading: Reading,
    visits: Vec<Visit>,
    waits: Vec<Wait>,
    sure: SureServices,
    tolerance_us: u64,
}

impl Evidence {
    fn of(server: &ServerRun, reading: Reading, no_room: &NoRoom) -> Self {
        let visits = visits(server, reading);
        // An event loop gives no places.
        let is_loop = visits.iter().any(|visit| visit.is_held_up);
        let mut all = waits(server, &visits, !is_loop, no_room);
        let tolerance_us = tolerance::of(server, &visits, &all, reading);
        let mut both = visits.iter().zip(&all);
        if !is_loop && both.any(|(visit, wait)| wait.shows_no_places(visit, tolerance_us))
        {
            all = waits(server, &visits, false, no_room);
        }
        Self {
            reading,
            sure: SureServices::of(&visits, tolerance::same_us(server)),
            visits,
            waits: all,
            tolerance_us,
        }
    }

    /// Whether what the server calls service was a wait for others: for at least half of
    /// what it claims beyond the time alone. A request that computes is slower on shared
    /// processors: nine tenths of it, and nobody else was in service once it was.
    fn waited_inside(&self, index: usize) -> bool {
        let both = self.visits.get(index).zip(self.waits.get(index));
        both.is_some_and(|(visit, wait)| {
            let needed = match visit.computes {
                true => visit.excess - visit.excess / 10,
                false => visit.excess / 2,
            };
            self.reading == Reading::Alone
                && visit.excess > self.tolerance_us.max(LEAST_EXCESS_US)
                && !visit.is_held_up
                && !(visit.computes && self.sure.are_beside(visit))
                && wait.is_explained()
                && wait.covered_inside >= needed
        })
    }

    /// Leaves open whether those were blocked that may have waited inside the server.
    fn doubt(&self, judged: &mut [Judged]) {
        for (visit, wait) in self.visits.iter().zip(&self.waits) {
            let may_be = wait.is_explained() || wait.may_be_behind;
            if let Some(judged) = judged.get_mut(visit.place)
                && visit.excess > LEAST_EXCESS_US
                && !visit.computes
                && !visit.is_held_up
                && may_be
                && judged.behind.is_empty()
            {
                judged.undecided = true;
                judged.maybe_inside_us = Some(visit.excess);
                judged.overtook = None;
            }
        }
    }

    /// `inside`: which of the requests waited inside the server.
    fn order(self, server: &ServerRun, inside: &[bool]) -> Order {
        let requests: Vec<&Request> =
            server.requests().map(|(_, request)| request).collect();
        let mut judged: Vec<Judged> =
            requests.iter().map(|one| Judged::not_yet(one)).collect();
        let cuts_sleeps = cuts_sleeps(server);
        let is_false = |one: &&Request| claims_what_cannot_be(one, cuts_sleeps);
        let is_believed = !requests.iter().any(is_false);
        for (index, (visit, wait)) in self.visits.iter().zip(&self.waits).enumerate() {
            let Some(judged) = judged.get_mut(visit.place) else {
                continue;
            };
            if visit.is_known {
                judged.waited_us = Some(visit.waited());
                judged.served_us = Some(visit.service);
            }
            match self.decide(visit, wait) {
                Some(true) => {
                    judged.behind = self.behind(server, &requests, visit, wait);
                    judged.more = wait.more;
                }
                Some(false) => {}
                None => judged.undecided = true,
            }
            judged.is_held_up = visit.is_held_up;
            judged.overtaken = visit.is_known && wait.is_overtaken();
            if inside.get(index) == Some(&true) && is_believed {
                judged.inside = Some(Inside {
                    claimed_us: visit.service + visit.excess,
                    alone_us: visit.service,
                });
            }
        }
        let came_behind = overtook::look(server, &self.visits, &mut judged, &requests);
        Order {
            visits: self.visits,
            judged,
            tolerance_us: self.tolerance_us,
            came_behind,
        }
    }

    /// Whether a request was blocked; `None` where order does not decide it.
    fn decide(&self, visit: &Visit, wait: &Wait) -> Option<bool> {
        if wait.waited < tolerance::FLOOR_US {
            return Some(false);
        }
        if wait.is_explained() {
            let is_long = wait.waited > self.tolerance_us;
            let proves = visit.is_known && is_long && !wait.may_be_another;
            return proves.then_some(true);
        }
        (!wait.may_be_behind).then_some(false)
    }

    fn behind(
        &self,
        server: &ServerRun,
        requests: &[&Request],
        visit: &Visit,
        wait: &Wait,
    ) -> Vec<Behind> {
        let service = |holder: &Holder| match *holder {
            Holder::Service(index) => self.visits.get(index),
            Holder::Connection(_) => None,
        };
        let shares = wait.shares.iter();
        let behind = shares.filter_map(|(holder, for_us)| {
            let for_us = *for_us;
            let blocker = match *holder {
                Holder::Service(_) => {
                    let id = &requests.get(service(holder)?.place)?.id;
                    Blocker::Request(id.clone())
                }
                Holder::Connection(index) => {
                    let connection = server.connections.get(index)?;
                    let silent = held::silence(connection, visit.turn(), visit.start());
                    let mut named = wait.shares.iter().filter_map(|one| service(&one.0));
                    let is_named = named.any(|one| one.connection == index);
                    connected(connection, silent >= for_us / 2, is_named)?
                }
            };
            Some(Behind { blocker, for_us })
        });
        behind.collect()
    }
}

/// Whether the server says that it served a request for longer than its client waited, or
/// a SLEEP for less than its time. Nothing follows from what else such a server says.
fn claims_what_cannot_be(request: &Request, cuts_sleeps: bool) -> bool {
    let both = request.service_us.zip(request.latency_us());
    (says_too_little(request) && !cuts_sleeps)
        || both.is_some_and(|(claimed, latency)| claimed > latency + LEAST_EXCESS_US)
}

/// Who held a place as a client that was connected. If requests of it are named, what
/// lies between them goes without saying, unless it let their replies lie.
fn connected(
    connection: &Connection,
    was_silent: bool,
    is_named: bool,
) -> Option<Blocker> {
    if was_silent {
        return Some(Blocker::Idle(connection.client.clone()));
    }
    let reads_late = connection.read_delay_us.is_some();
    let unanswered = connection.sent().find(|one| one.failure.is_some());
    let is_only = connection.sent().nth(1).is_none() && !reads_late;
    let only = connection.sent().next().filter(|_| is_only);
    match unanswered.or(only) {
        Some(request) => Some(Blocker::Request(request.id.clone())),
        None if is_named && !reads_late => None,
        None => Some(Blocker::Connection(connection.client.clone())),
    }
}
