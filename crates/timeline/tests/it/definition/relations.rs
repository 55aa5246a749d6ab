//! The relations of docs/run-record.md, in the plainest way.

use std::{cell::OnceCell, collections::BTreeSet, ops::Range};

use timeline::record::ServerRun;

use super::{MS, places::Held};

/// A request as the definition sees it, in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) connection: usize,
    pub(super) sent: u64,
    /// When the reply before it on its connection was in, or it was sent.
    pub(super) turn: u64,
    pub(super) started: u64,
    pub(super) replied: u64,
}

impl Seen {
    pub(super) fn all(server: &ServerRun) -> Vec<Self> {
        let connections = server.connections.iter().enumerate();
        let requests = connections.flat_map(|(index, one)| {
            one.requests.iter().map(move |request| (index, request))
        });
        let mut all: Vec<Self> = Vec::new();
        for (connection, request) in requests {
            let sent = request.sent_us.unwrap() / MS;
            let before = all.last().filter(|one| one.connection == connection);
            all.push(Self {
                id: request.id.clone(),
                connection,
                sent,
                turn: before.map_or(sent, |one| one.replied.max(sent)),
                started: (request.replied_us.unwrap() - request.service_us.unwrap()) / MS,
                replied: request.replied_us.unwrap() / MS,
            });
        }
        all
    }

    pub(super) fn service(&self) -> u64 {
        self.replied - self.started
    }

    pub(super) fn earliest_end(&self) -> u64 {
        self.turn + self.service()
    }

    /// By when those whom it awaited were done, in microseconds.
    pub(super) fn limit(&self) -> u64 {
        (self.started * MS + self.slack()).min(self.replied * MS)
    }

    /// What the ways of two replies leave open, in microseconds.
    pub(super) fn slack(&self) -> u64 {
        ((self.started - self.turn) * MS / 10).min(50 * MS)
    }

    /// Each millisecond of its wait.
    fn wait(&self) -> impl Iterator<Item = u64> {
        self.sent..self.started
    }
}

/// The definition, request by request.
pub(super) struct Definition<'a> {
    pub(super) server: &'a ServerRun,
    pub(super) seen: Vec<Seen>,
    /// By when each connection surely held a place.
    pub(super) let_in_by: OnceCell<Vec<u64>>,
}

impl Definition<'_> {
    pub(super) fn others(&self, x: &Seen) -> impl Iterator<Item = &Seen> {
        self.seen.iter().filter(move |y| y.id != x.id)
    }

    /// The requests that were done before the service of `x` began, and after those
    /// before it on its connection.
    pub(super) fn awaited(&self, x: &Seen) -> Vec<&Seen> {
        let done = |y: &&Seen| y.replied > x.turn && y.replied * MS <= x.limit();
        self.others(x).filter(done).collect()
    }

    /// Those before it on its connection that it awaited.
    fn own(&self, x: &Seen) -> Vec<&Seen> {
        let is_own = |y: &&Seen| y.connection == x.connection;
        let done = |y: &&Seen| y.replied > x.sent && y.replied <= x.turn;
        self.others(x).filter(is_own).filter(done).collect()
    }

    /// Whether a request that `x` awaited was in service at this moment.
    pub(super) fn is_served(&self, x: &Seen, moment: u64) -> bool {
        let awaited = self.awaited(x);
        awaited
            .iter()
            .any(|y| (y.started..y.replied).contains(&moment))
    }

    pub(super) fn covered(&self, x: &Seen) -> u64 {
        let left = self.left(x);
        let is_covered = |moment: &u64| {
            *moment < x.turn
                || self.is_served(x, *moment)
                || left
                    .iter()
                    .any(|(_, from, to)| (*from..*to).contains(moment))
        };
        x.wait().filter(is_covered).count() as u64
    }

    pub(super) fn came_before(&self, x: &Seen) -> bool {
        let left = self.left(x).into_iter().any(|(index, _, _)| {
            self.server.connections[index].opened_us.unwrap() / MS <= x.sent
        });
        let is_pipelined = x.turn > x.sent;
        is_pipelined || left || self.awaited(x).iter().any(|y| y.sent <= x.sent)
    }

    fn is_explained(&self, x: &Seen) -> bool {
        let waited = x.started - x.sent;
        self.came_before(x) && 2 * self.covered(x) >= waited && waited > 0
    }

    /// Four times the longest wait, or part of one, that nobody accounts for; 5 ms at
    /// least.
    pub(super) fn tolerance(&self) -> u64 {
        let left = |x: &&Seen| {
            let left = x.started - x.sent - self.covered(x);
            left.saturating_sub(self.nearly_covered(x))
        };
        let counts = |x: &&Seen| !self.may_be_behind(x);
        let longest = self.seen.iter().filter(counts).map(|x| left(&x)).max();
        let longest = longest.unwrap_or(0);
        (4 * longest).max(5)
    }

    pub(super) fn is_blocked(&self, x: &Seen) -> bool {
        let waited = x.started - x.sent;
        self.is_explained(x)
            && waited >= 5
            && waited > self.tolerance()
            && !self.may_be_another(x)
    }

    /// All shares of a wait that are not small.
    pub(super) fn shares(&self, x: &Seen) -> Vec<(String, u64)> {
        let share = |y: &Seen, of: Range<u64>| {
            let during = of.filter(|now| (y.started..y.replied).contains(now));
            (y.id.clone(), during.count() as u64)
        };
        let mut shares = match self.chain(x) {
            Some(chain) => self.of_chain(x, &chain),
            None => {
                let awaited = self.awaited(x);
                let services = awaited.iter().map(|y| share(y, x.turn..x.started));
                services.chain(self.between_services(x, &awaited)).collect()
            }
        };
        let until_its_reply = |y: &Seen| {
            let during = (x.sent..x.turn).filter(|now| (y.turn..y.replied).contains(now));
            (y.id.clone(), during.count() as u64)
        };
        shares.extend(self.own(x).into_iter().map(until_its_reply));
        let largest = shares.iter().map(|(_, share)| *share).max().unwrap_or(0);
        shares.retain(|(_, share)| *share > 0 && share * 10 >= largest);
        shares.sort();
        shares
    }

    /// The services of the connections in a chain, and their silences.
    fn of_chain(&self, x: &Seen, chain: &[Held]) -> Vec<(String, u64)> {
        let during =
            |from: u64, to: u64| to.min(x.started).saturating_sub(from.max(x.turn));
        let mut shares = Vec::new();
        for (index, from, to) in chain {
            let mut silence = during(*from, *to);
            for y in self.seen.iter().filter(|y| y.connection == *index) {
                shares.push((y.id.clone(), during(y.started, y.replied)));
                silence -= during(y.started, y.replied);
            }
            let name = &self.server.connections[*index].client;
            shares.push((format!("({name})"), silence));
        }
        shares
    }

    /// What connections held of a wait while no awaited service was.
    fn between_services(&self, x: &Seen, awaited: &[&Seen]) -> Vec<(String, u64)> {
        let mut left = self.left(x);
        left.retain(|(index, _, _)| *index != x.connection);
        left.sort_by_key(|(_, from, to)| (*from, *to));
        let mut taken = BTreeSet::new();
        let shares = left.into_iter().map(|(index, from, to)| {
            let is_free = |now: &u64| {
                let is_served =
                    awaited.iter().any(|y| (y.started..y.replied).contains(now));
                (from..to).contains(now) && !is_served && !taken.contains(now)
            };
            let mine: Vec<u64> = (x.turn..x.started).filter(is_free).collect();
            let name = self.server.connections[index].client.clone();
            let share = (format!("({name})"), mine.len() as u64);
            taken.extend(mine);
            share
        });
        shares.collect()
    }
}
