//! Where requests waited, by what was seen of made-up servers: what was not seen is not
//! said.

mod drawn;
mod processors;
mod random;

use timeline::{
    record::{Connection, Count, Did, Doing, Observed, Request, ServerRun, Thread},
    whereabouts::{self, Stay, Whereabouts, mostly},
};

const MS: u64 = 1_000;

/// What was seen of a server, with every key that a record may have.
pub(crate) fn every_key() -> Observed {
    Observed {
        counts: vec![Count {
            at_us: 1,
            threads: Some(2),
            backlog: Some(3),
        }],
        threads: vec![Thread {
            main: true,
            ..thread("client-2", 7, &[(1, 2, Doing::Read)])
        }],
        until_us: 3,
        missing: vec!["what a thread waits for can't be read".to_owned()],
    }
    .with(|observed| {
        let did = &mut observed.threads[0].did[0];
        (did.client, did.ready_us) = (Some("A".to_owned()), 1);
    })
}

trait With: Sized {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

impl<T> With for T {}

/// What a thread did, in milliseconds.
fn thread(name: &str, id: u32, did: &[(u64, u64, Doing)]) -> Thread {
    let did = did.iter().map(|(from, to, what)| Did {
        from_us: from * MS,
        to_us: to * MS,
        what: *what,
        ..Did::default()
    });
    Thread {
        name: name.to_owned(),
        id,
        main: false,
        did: did.collect(),
    }
}

/// A client who asked at one time, was served from another one on, and replied to at a
/// third, by this thread; in milliseconds.
fn client(name: &str, times: [u64; 3], thread: &str) -> Connection {
    let [sent, started, replied] = times.map(|time| time * MS);
    Connection {
        client: name.to_owned(),
        opened_us: Some(sent),
        closed_us: Some(replied),
        requests: vec![Request {
            id: name.to_owned(),
            request: "PING".to_owned(),
            sent_us: Some(sent),
            replied_us: Some(replied),
            service_us: Some(replied - started),
            thread: Some(thread.to_owned()),
            reply: Some("+PONG".to_owned()),
            ..Request::default()
        }],
        ..Connection::default()
    }
}

fn server(connections: Vec<Connection>, threads: Vec<Thread>) -> ServerRun {
    ServerRun {
        timed: true,
        connections,
        observed: Some(Observed {
            threads,
            until_us: 3_000 * MS,
            ..Observed::default()
        }),
        ..ServerRun::default()
    }
}

fn stay(at: Whereabouts, from: u64, to: u64) -> Stay {
    Stay {
        at,
        from: from * MS,
        to: to * MS,
    }
}

use Whereabouts::{Backlog, Lock, Processor, Unknown};

#[test]
fn a_connection_that_was_not_accepted_waited_in_the_backlog() {
    let mut b = client("B", [200, 2_000, 2_001], "main");
    (b.in_backlog_us, b.accepted_us) = (Some(1_990 * MS), Some(2_010 * MS));
    let stays = whereabouts::of(&server(vec![b.clone()], Vec::new()));
    assert_eq!(stays, [[stay(Backlog, 200, 2_000)]]);
    (b.in_backlog_us, b.accepted_us) = (Some(1_000 * MS), Some(1_020 * MS));
    let stays = whereabouts::of(&server(vec![b.clone()], Vec::new()));
    let expected = [stay(Backlog, 200, 1_020), stay(Unknown, 1_020, 2_000)];
    assert_eq!(stays, [expected], "it was accepted, and no more is known");
    (b.requests[0].replied_us, b.accepted_us) = (None, None);
    let stays = whereabouts::of(&server(vec![b], Vec::new()));
    assert_eq!(stays, [[stay(Backlog, 200, 1_250)]], "it got no reply");
}

#[test]
fn a_connection_whose_first_request_is_served_has_left_the_backlog() {
    let mut b = client("B", [200, 1_000, 1_300], "main");
    let mut second = b.requests[0].clone();
    (second.replied_us, second.service_us) = (Some(1_400 * MS), Some(100 * MS));
    b.requests.push(second);
    b.in_backlog_us = Some(990 * MS);
    let stays = whereabouts::of(&server(vec![b], Vec::new()));
    let of_second = [stay(Backlog, 200, 1_000), stay(Unknown, 1_000, 1_300)];
    assert_eq!(stays, [vec![stay(Backlog, 200, 1_000)], of_second.to_vec()]);
}

#[test]
fn a_request_behind_an_answered_one_is_not_in_the_backlog() {
    let mut b = client("B", [200, 1_000, 1_000], "main");
    b.requests[0].service_us = None;
    let mut second = b.requests[0].clone();
    (second.sent_us, second.replied_us) = (Some(1_001 * MS), None);
    b.requests.push(second);
    b.in_backlog_us = Some(990 * MS);
    let stays = whereabouts::of(&server(vec![b], Vec::new()));
    assert_eq!(stays, [[], []]);
}

#[test]
fn a_thread_that_waits_for_another_one_before_it_serves_is_at_a_lock() {
    let b = client("B", [200, 2_000, 2_001], "client-3");
    let seen = thread("client-3", 3, &[(210, 1_990, Doing::Futex)]);
    let stays = whereabouts::of(&server(vec![b], vec![seen]));
    assert_eq!(stays, [[stay(Lock, 200, 2_000)]]);
}

#[test]
fn a_thread_that_serves_another_request_is_at_no_lock_for_this_one() {
    // One worker: A sleeps on a condition variable, and B waits in the worker's queue.
    let a = client("A", [0, 0, 2_000], "worker-1");
    let b = client("B", [200, 2_000, 2_001], "worker-1");
    let seen = thread("worker-1", 3, &[(0, 2_100, Doing::Futex)]);
    let stays = whereabouts::of(&server(vec![a, b], vec![seen]));
    assert_eq!(stays, [vec![], vec![stay(Unknown, 200, 2_000)]]);
}

#[test]
fn a_request_behind_another_one_of_its_own_client_is_at_no_lock() {
    let mut p = client("P", [0, 1_000, 2_000], "client-1");
    let mut second = p.requests[0].clone();
    second.id = "P.2".to_owned();
    (second.replied_us, second.service_us) = (Some(2_001 * MS), Some(MS));
    p.requests.push(second);
    let seen = thread(
        "client-1",
        3,
        &[(0, 1_000, Doing::Futex), (1_000, 2_000, Doing::Sleep)],
    );
    let stays = whereabouts::of(&server(vec![p], vec![seen]));
    assert_eq!(stays, [[stay(Lock, 0, 1_000)], [stay(Unknown, 0, 2_000)]]);
}

#[test]
fn waiting_in_the_middle_of_a_request_is_no_lock() {
    // MEET waits on a condition variable: that is what it is served with.
    let b = client("B", [200, 200, 2_000], "client-3");
    let seen = thread("client-3", 3, &[(200, 2_000, Doing::Futex)]);
    assert_eq!(whereabouts::of(&server(vec![b], vec![seen])), [[]]);
}

#[test]
fn two_threads_of_one_name_say_nothing() {
    let b = client("B", [200, 2_000, 2_001], "worker");
    let twins = vec![
        thread("worker", 3, &[(200, 2_000, Doing::Futex)]),
        thread("worker", 4, &[(200, 2_000, Doing::Futex)]),
    ];
    let stays = whereabouts::of(&server(vec![b], twins));
    assert_eq!(stays, [[stay(Unknown, 200, 2_000)]]);
}

#[test]
fn a_child_that_its_thread_forked_to_run_a_program_is_not_a_second_thread() {
    let b = client("B", [200, 2_000, 2_200], "client-3");
    let both = vec![
        thread("client-3", 3, &[(200, 2_000, Doing::Futex)]),
        thread("client-3", 4, &[(2_010, 2_100, Doing::Running)]),
    ];
    let stays = whereabouts::of(&server(vec![b], both));
    assert_eq!(stays, [[stay(Lock, 200, 2_000)]]);
}

#[test]
fn one_that_is_accepted_and_not_answered_is_at_no_known_place() {
    let mut b = client("B", [200, 2_000, 2_200], "client-3");
    (b.in_backlog_us, b.accepted_us) = (Some(240 * MS), Some(260 * MS));
    b.requests[0].replied_us = None;
    assert_eq!(whereabouts::of(&server(vec![b], Vec::new())), [[]]);
}

#[test]
fn the_system_keeps_fifteen_bytes_of_a_name_and_main_is_called_like_its_program() {
    for (said, kept, main) in [
        ("a-worker-with-a-long-name", "a-worker-with-a", false),
        ("main", "lock-too-long", true),
        ("MainThread", "python3", true),
        ("ééééééééé", "ééééééé", false),
    ] {
        let b = client("B", [200, 2_000, 2_001], said);
        let mut seen = thread(kept, 3, &[(200, 2_000, Doing::Futex)]);
        seen.main = main;
        let stays = whereabouts::of(&server(vec![b], vec![seen]));
        assert_eq!(stays, [[stay(Lock, 200, 2_000)]], "{said}");
    }
}

#[test]
fn a_small_gap_belongs_to_its_neighbour_and_a_large_one_to_nobody() {
    let b = client("B", [0, 2_000, 2_001], "client-3");
    let did = [(90, 500, Doing::Futex), (800, 2_000, Doing::Futex)];
    let seen = thread("client-3", 3, &did);
    let stays = whereabouts::of(&server(vec![b], vec![seen]));
    let expected = [
        stay(Lock, 0, 500),
        stay(Unknown, 500, 800),
        stay(Lock, 800, 2_000),
    ];
    assert_eq!(stays, [expected]);
    assert_eq!(mostly(&stays[0]), Some(Lock));
}
