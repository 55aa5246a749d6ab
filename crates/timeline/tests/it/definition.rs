//! The verdict against its definition in docs/run-record.md, written down a second time
//! in the plainest way: each pair of requests, each millisecond.

use std::collections::BTreeSet;

use timeline::{
    record::{Connection, Request, ServerRun},
    verdict::Verdict,
};

use crate::simulated::Dice;

const MS: u64 = 1_000;

/// Where more held a place, the connections are named.
const NAMED: usize = 6;

/// A record without rhyme or reason; all times are whole milliseconds.
fn record(dice: &mut Dice) -> ServerRun {
    let mut server: ServerRun = serde_json::from_value(serde_json::json!({
        "name": "server", "command": "", "about": "", "address": "", "timed": true,
        "connections": [],
    }))
    .unwrap();
    for index in 0..2 + u8::try_from(dice.below(5)).unwrap() {
        let name = char::from(b'A' + index).to_string();
        let mut now = dice.below(60);
        let mut connection = Connection {
            client: name.clone(),
            opened_us: Some(now * MS),
            ..Connection::default()
        };
        let count = dice.one_of(&[0, 1, 1, 1, 2]);
        for number in 1..=count {
            let (waited, service) = (dice.one_of(&[0, 3, 20, 60]), 1 + dice.below(60));
            let replied = now + waited + service;
            connection.requests.push(Request {
                id: if count == 1 {
                    name.clone()
                } else {
                    format!("{name}.{number}")
                },
                request: "SAY something".to_owned(),
                sent_us: Some(now * MS),
                replied_us: Some(replied * MS),
                service_us: Some(service * MS),
                reply: Some("+OK".to_owned()),
                ..Request::default()
            });
            now = replied + dice.one_of(&[0, 0, 30]);
        }
        now += dice.one_of(&[1, 1, 50]);
        connection.closed_us = Some(now * MS);
        server.connections.push(connection);
    }
    server
}

/// A request as the definition sees it, in milliseconds.
#[derive(Clone, Debug)]
struct Seen {
    id: String,
    connection: usize,
    sent: u64,
    started: u64,
    replied: u64,
}

impl Seen {
    fn all(server: &ServerRun) -> Vec<Self> {
        let connections = server.connections.iter().enumerate();
        let requests = connections.flat_map(|(index, one)| {
            one.requests.iter().map(move |request| (index, request))
        });
        requests
            .map(|(connection, request)| Self {
                id: request.id.clone(),
                connection,
                sent: request.sent_us.unwrap() / MS,
                started: (request.replied_us.unwrap() - request.service_us.unwrap()) / MS,
                replied: request.replied_us.unwrap() / MS,
            })
            .collect()
    }

    fn service(&self) -> u64 {
        self.replied - self.started
    }

    /// By when those whom it awaited were done, in microseconds.
    fn limit(&self) -> u64 {
        let slack = ((self.started - self.sent) * MS / 10).min(50 * MS);
        (self.started * MS + slack).min(self.replied * MS)
    }

    /// Each millisecond of its wait.
    fn wait(&self) -> impl Iterator<Item = u64> {
        self.sent..self.started
    }
}

/// The definition, request by request.
struct Definition<'a> {
    server: &'a ServerRun,
    seen: Vec<Seen>,
}

impl Definition<'_> {
    fn others(&self, x: &Seen) -> impl Iterator<Item = &Seen> {
        self.seen.iter().filter(move |y| y.id != x.id)
    }

    /// The requests that were done before the service of `x` began.
    fn awaited(&self, x: &Seen) -> Vec<&Seen> {
        let done = |y: &&Seen| y.replied > x.sent && y.replied * MS <= x.limit();
        self.others(x).filter(done).collect()
    }

    /// The connections that had closed before, from their first service on.
    fn left(&self, x: &Seen) -> Vec<(usize, u64, u64)> {
        let connections = self.server.connections.iter().enumerate();
        connections
            .filter_map(|(index, connection)| {
                let first = self.seen.iter().find(|one| one.connection == index);
                let opened = connection.opened_us.unwrap() / MS;
                let closed = connection.closed_us.unwrap() / MS;
                let is_done = closed > x.sent && closed * MS <= x.limit();
                is_done.then_some((
                    index,
                    first.map_or(opened, |one| one.started),
                    closed,
                ))
            })
            .collect()
    }

    fn covered(&self, x: &Seen) -> u64 {
        let (awaited, left) = (self.awaited(x), self.left(x));
        let is_covered = |moment: &u64| {
            awaited
                .iter()
                .any(|y| (y.started..y.replied).contains(moment))
                || left
                    .iter()
                    .any(|(_, from, to)| (*from..*to).contains(moment))
        };
        x.wait().filter(is_covered).count() as u64
    }

    fn came_before(&self, x: &Seen) -> bool {
        let left = self.left(x).into_iter().any(|(index, _, _)| {
            self.server.connections[index].opened_us.unwrap() / MS <= x.sent
        });
        left || self.awaited(x).iter().any(|y| y.sent <= x.sent)
    }

    fn is_explained(&self, x: &Seen) -> bool {
        let waited = x.started - x.sent;
        self.came_before(x) && 2 * self.covered(x) >= waited && waited > 0
    }

    /// Whether the replies may have changed places on their way.
    fn may_be_behind(&self, x: &Seen) -> bool {
        let slack = ((x.started - x.sent) * MS / 10).min(50 * MS);
        self.others(x).any(|y| {
            let is_late =
                (x.limit() + 1..=x.replied * MS + slack).contains(&(y.replied * MS));
            let is_long = 2 * y.service() >= x.started - x.sent;
            is_late && is_long && y.sent <= x.sent && y.sent + y.service() <= x.started
        })
    }

    /// Four times the longest wait, or part of one, that nobody accounts for; 5 ms at
    /// least.
    fn tolerance(&self) -> u64 {
        let left = |x: &&Seen| x.started - x.sent - self.covered(x);
        let counts = |x: &&Seen| !self.may_be_behind(x);
        let longest = self.seen.iter().filter(counts).map(|x| left(&x)).max();
        let longest = longest.unwrap_or(0);
        (4 * longest).max(5)
    }

    fn is_blocked(&self, x: &Seen) -> bool {
        let waited = x.started - x.sent;
        self.is_explained(x) && waited >= 5 && waited > self.tolerance()
    }

    /// All shares of a wait: services, and connections where no awaited service was.
    fn shares(&self, x: &Seen) -> Vec<(String, u64)> {
        let awaited = self.awaited(x);
        let mut shares: Vec<(String, u64)> = awaited
            .iter()
            .map(|y| {
                let during = x.wait().filter(|now| (y.started..y.replied).contains(now));
                (y.id.clone(), during.count() as u64)
            })
            .collect();
        let mut left = self.left(x);
        left.retain(|(index, _, _)| *index != x.connection);
        left.sort_by_key(|(_, from, to)| (*from, *to));
        let mut taken = BTreeSet::new();
        for (index, from, to) in left {
            let is_free = |now: &u64| {
                let is_served =
                    awaited.iter().any(|y| (y.started..y.replied).contains(now));
                (from..to).contains(now) && !is_served && !taken.contains(now)
            };
            let mine: Vec<u64> = x.wait().filter(is_free).collect();
            let name = self.server.connections[index].client.clone();
            shares.push((format!("({name})"), mine.len() as u64));
            taken.extend(mine);
        }
        let largest = shares.iter().map(|(_, share)| *share).max().unwrap_or(0);
        shares.retain(|(_, share)| *share > 0 && share * 10 >= largest);
        shares.sort();
        shares
    }

    /// The largest set of requests of which each two were in service at once for certain.
    fn in_service(&self) -> usize {
        let sets = 0_u32..1 << self.seen.len();
        let largest = sets
            .filter(|set| self.is_together(*set))
            .map(u32::count_ones)
            .max();
        usize::try_from(largest.unwrap_or(0)).unwrap()
    }

    fn is_together(&self, set: u32) -> bool {
        let chosen: Vec<&Seen> = self
            .seen
            .iter()
            .enumerate()
            .filter(|(index, _)| set & (1 << index) != 0)
            .map(|(_, one)| one)
            .collect();
        let meets = |x: &Seen, y: &Seen| x.started < y.sent + y.service();
        let pairs = chosen.iter().enumerate();
        pairs.into_iter().all(|(index, x)| {
            chosen[index + 1..]
                .iter()
                .all(|y| meets(x, y) && meets(y, x))
        })
    }

    fn passes(&self, x: &Seen) -> bool {
        let surely = |y: &Seen| y.started <= x.sent && y.sent + y.service() > x.replied;
        let is_silent = self.server.connections.iter().any(|one| {
            gaps(one)
                .into_iter()
                .any(|(from, to)| from <= x.sent && to > x.replied)
        });
        is_silent || self.seen.iter().any(surely)
    }
}

/// When the client of a connection asked for nothing, 5 ms at least, in milliseconds.
fn gaps(connection: &Connection) -> Vec<(u64, u64)> {
    let mut since = connection.opened_us.unwrap();
    let mut gaps = Vec::new();
    for request in &connection.requests {
        gaps.push((since, request.sent_us.unwrap()));
        since = request.replied_us.unwrap();
    }
    gaps.push((since, connection.closed_us.unwrap()));
    gaps.retain(|(from, to)| to - from >= 5 * MS);
    gaps.into_iter()
        .map(|(from, to)| (from / MS, to / MS))
        .collect()
}

#[test]
fn the_verdict_is_its_definition() {
    let mut dice = Dice(16);
    let mut blocked = 0;
    for number in 0..100_000 {
        let server = record(&mut dice);
        let definition = Definition {
            server: &server,
            seen: Seen::all(&server),
        };
        let verdict = Verdict::of(&server);
        for (x, judged) in definition.seen.iter().zip(&verdict.requests) {
            let case = format!(
                "record {number}, {}: {judged:#?}\n{:#?}",
                x.id, definition.seen
            );
            let is_blocked = definition.is_blocked(x);
            assert_eq!(!judged.behind.is_empty(), is_blocked, "blocked: {case}");
            if is_blocked {
                blocked += 1;
                let mut shares: Vec<(String, u64)> = judged
                    .behind
                    .iter()
                    .map(|one| (written(&one.blocker), one.for_us / MS))
                    .collect();
                shares.sort();
                let expected = definition.shares(x);
                if expected.len() <= NAMED {
                    let apart = (without_own(shares), without_own(expected));
                    assert_eq!(apart.0, apart.1, "shares: {case}");
                }
            }
            if judged.behind.is_empty() && !judged.undecided {
                assert_eq!(
                    judged.overtook.is_some(),
                    definition.passes(x),
                    "passed: {case}"
                );
            }
        }
        let least = verdict.in_service.map_or(0, |most| most.least);
        assert_eq!(
            least,
            definition.in_service(),
            "record {number}: {:#?}",
            definition.seen
        );
    }
    assert!(blocked > 10_000, "{blocked}");
}

/// A connection one of whose requests is named may be left out.
fn without_own(mut shares: Vec<(String, u64)>) -> Vec<(String, u64)> {
    let clients: BTreeSet<String> = shares
        .iter()
        .filter_map(|(name, _)| Some(format!("({})", name.split_once('.')?.0)))
        .collect();
    shares.retain(|(name, _)| !clients.contains(name));
    shares
}

/// A connection that holds its place stands in brackets.
fn written(blocker: &timeline::verdict::Blocker) -> String {
    use timeline::verdict::Blocker::{Connection, Idle, Request};
    match blocker {
        Request(id) => id.clone(),
        Idle(name) | Connection(name) => format!("({name})"),
    }
}
