//! The verdict against its definition in docs/run-record.md, written down a second time
//! in the plainest way: each pair of requests, each millisecond.

mod let_in;
mod places;
mod real_runs;
mod relations;
mod together;
mod undecided;

use std::cell::OnceCell;

use std::collections::BTreeSet;

use timeline::{
    record::{Connection, Request, ServerRun},
    verdict::Verdict,
};

use fixture::Dice;
use relations::{Definition, Seen};

const MS: u64 = 1_000;

/// Where more held a place, the connections are named.
const NAMED: usize = 6;

/// Of at most this many requests each set is looked at.
const MOST_SETS: usize = 12;

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
        let mut sent = now;
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
                sent_us: Some(sent * MS),
                replied_us: Some(replied * MS),
                service_us: Some(service * MS),
                reply: Some("+OK".to_owned()),
                ..Request::default()
            });
            now = replied + dice.one_of(&[0, 0, 30]);
            // The next one waits for this reply, or is in the pipeline behind it.
            sent = dice.one_of(&[now, now, sent]).max(sent);
            now = now.max(sent);
        }
        now += dice.one_of(&[1, 1, 50]);
        connection.closed_us = Some(now * MS);
        connection.closed_by_server = dice.below(3) == 0;
        server.connections.push(connection);
    }
    server
}

#[test]
fn the_verdict_is_its_definition() {
    let mut dice = Dice::new(16);
    let mut blocked = 0;
    let records = Dice::rounds(100_000);
    for number in 0..records {
        blocked += compare(&record(&mut dice), &format!("record {number}"));
    }
    assert!(blocked > records / 10, "{blocked}");
}

/// Compares the verdict on a server with the definition; how many requests were blocked.
fn compare(server: &ServerRun, which: &str) -> usize {
    let definition = Definition {
        server,
        seen: Seen::all(server),
        let_in_by: OnceCell::new(),
    };
    let verdict = Verdict::of(server);
    let mut blocked = 0;
    for (x, judged) in definition.seen.iter().zip(&verdict.requests) {
        let case = || format!("{which}, {}: {judged:#?}\n{:#?}", x.id, definition.seen);
        let is_blocked = definition.is_blocked(x);
        assert_eq!(!judged.behind.is_empty(), is_blocked, "blocked: {}", case());
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
                assert_eq!(apart.0, apart.1, "shares: {}", case());
            }
        }
        if judged.behind.is_empty() && !judged.undecided {
            let passes = definition.passes(x);
            assert_eq!(judged.overtook.is_some(), passes, "passed: {}", case());
        }
    }
    if definition.seen.len() <= MOST_SETS {
        let least = verdict.in_service.map_or(0, |most| most.least);
        let expected = definition.in_service();
        assert_eq!(least, expected, "{which}: {:#?}", definition.seen);
    }
    blocked
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
