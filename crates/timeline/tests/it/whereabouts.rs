//! Where requests waited, by what was seen of made-up servers: what was not seen is not
//! said.

use timeline::{
    Style,
    chart::{html, plain, svg, text},
    record::{
        Connection, Count, Did, Doing, Moment, Observed, Record, Request, ServerRun,
        Thread,
    },
    verdict::Verdict,
    whereabouts::{self, Stay, Whereabouts, mostly},
};

use crate::made_up::{HEAD_OF_LINE, record};

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
    assert_eq!(stays, [[stay(Backlog, 200, 1_100)]], "it got no reply");
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
    let did = [(90, 500, Doing::Futex), (700, 2_000, Doing::Futex)];
    let seen = thread("client-3", 3, &did);
    let stays = whereabouts::of(&server(vec![b], vec![seen]));
    let expected = [
        stay(Lock, 0, 500),
        stay(Unknown, 500, 700),
        stay(Lock, 700, 2_000),
    ];
    assert_eq!(stays, [expected]);
    assert_eq!(mostly(&stays[0]), Some(Lock));
}

#[test]
fn a_service_that_waits_for_a_processor_shows_for_how_long() {
    let p = client("P", [0, 0, 1_000], "client-1");
    let mut seen = thread("client-1", 3, &[(0, 1_000, Doing::Running)]);
    seen.did[0].ready_us = 400 * MS;
    let stays = whereabouts::of(&server(vec![p.clone()], vec![seen.clone()]));
    assert_eq!(stays, [[stay(Processor, 600, 1_000)]]);
    seen.did[0].ready_us = 50 * MS;
    let stays = whereabouts::of(&server(vec![p], vec![seen]));
    assert_eq!(stays, [[]], "a little of it belongs to every service");
}

/// A record of the two servers, with B, C and D in the backlog of one and at a lock in
/// the other.
fn both() -> Record {
    let mut record = record(HEAD_OF_LINE);
    let mut lock = record.runs[0].servers[0].clone();
    lock.name = "lock-too-long".to_owned();
    let observed = |threads: &[usize], backlog: &[usize]| Observed {
        counts: (0..)
            .zip(threads.iter().zip(backlog))
            .map(|(index, (threads, backlog))| Count {
                at_us: index * 200 * MS,
                threads: Some(*threads),
                backlog: Some(*backlog),
            })
            .collect(),
        until_us: 2_500 * MS,
        ..Observed::default()
    };
    let single = &mut record.runs[0].servers[0];
    single.observed = Some(observed(&[2, 2, 2, 2], &[0, 1, 2, 3]));
    for connection in single.connections.iter_mut().skip(1) {
        connection.in_backlog_us = Some(1_990 * MS);
    }
    let mut seen = observed(&[2, 3, 4, 5], &[0, 0, 0, 0]);
    for (index, connection) in lock.connections.iter_mut().enumerate() {
        let name = format!("client-{index}");
        connection.requests[0].thread = Some(name.clone());
        let id = u32::try_from(index).unwrap();
        seen.threads
            .push(thread(&name, id, &[(0, 1_999, Doing::Futex)]));
    }
    lock.observed = Some(seen);
    record.runs[0].servers = vec![record.runs[0].servers[0].clone(), lock];
    record
}

#[test]
fn each_place_has_a_sign_of_its_own_and_the_chart_fits_eighty_columns() {
    let record = both();
    let run = &record.runs[0];
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    for (ascii, backlog, lock) in [(false, "▒▒▒", "▌▌▌"), (true, "bbb", "LLL")]
    {
        let style = Style {
            width: 80,
            colour: false,
            ascii,
        };
        let lines = text::chart(run, &verdicts, None, &style);
        assert!(lines.iter().all(|line| line.length() <= 80));
        let lines: Vec<String> = lines.iter().map(|line| line.render(false)).collect();
        let row = |from: usize, who: &str| {
            let mut rows = lines.iter().skip(from);
            rows.find(|line| line.starts_with(who)).unwrap()
        };
        for who in [" B ", " C ", " D "] {
            assert!(row(0, who).contains(backlog) && row(0, who).ends_with("backlog"));
            assert!(row(7, who).contains(lock) && row(7, who).ends_with("lock"));
        }
        assert!(row(0, " observed").ends_with("2 threads, backlog 3"));
        assert!(
            row(7, " observed").contains("2 3  4  5"),
            "{}",
            row(7, " observed")
        );
    }
}

#[test]
fn sentences_pictures_and_traces_name_the_places_too() {
    let record = both();
    let run = &record.runs[0];
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    let told = plain::sentences(run, &verdicts).join("\n");
    assert!(told.contains("B was in the backlog for 1.80 s."), "{told}");
    assert!(told.contains("B was at a lock for 1.80 s."), "{told}");
    assert!(
        told.contains("at most at once: 2 threads, backlog 3."),
        "{told}"
    );
    let picture = svg::picture(&record);
    for class in ["class=\"backlog\" d=", "class=\"lock\" d=", ">where<"] {
        assert!(picture.contains(class), "{class}");
    }
    assert!(html::page(&record).contains("<th>where</th>"));
    let trace = serde_json::to_string(&timeline::trace::trace(&record)).unwrap();
    for name in [
        "in the backlog",
        "at a lock",
        "thread client-1",
        "\"ph\":\"C\"",
    ] {
        assert!(trace.contains(name), "{name}");
    }
}

#[test]
fn no_verdict_depends_on_what_was_seen() {
    let record = both();
    for server in &record.runs[0].servers {
        let mut unseen = server.clone();
        unseen.observed = None;
        for connection in &mut unseen.connections {
            (connection.in_backlog_us, connection.accepted_us) = (None, None);
        }
        let (with, without) = (Verdict::of(server), Verdict::of(&unseen));
        assert_eq!(with.story(server), without.story(&unseen));
        assert_eq!(with.failures, without.failures);
    }
}

#[test]
fn a_replay_shows_what_was_seen_by_its_moment() {
    let record = both();
    let run = &record.runs[0];
    assert_eq!(run.known_at(|_| Moment::Over), *run);
    let known = run.known_at(|_| Moment::At(500 * MS));
    let observed = known.servers[1].observed.as_ref().unwrap();
    assert_eq!(observed.counts.len(), 3);
    assert!(
        observed
            .threads
            .iter()
            .all(|thread| thread.did[0].to_us <= 500 * MS)
    );
    let stays = whereabouts::of(&known.servers[0]);
    assert_eq!(
        stays[1],
        [stay(Backlog, 200, 500)],
        "B waits, and is not served yet"
    );
    let before = run.known_at(|_| Moment::Before);
    assert_eq!(before.servers[0].observed, Some(Observed::default()));
}

#[test]
fn a_record_of_a_later_kit_may_know_more_that_threads_do() {
    let mut json = serde_json::to_value(both()).unwrap();
    let did = "/runs/0/servers/1/observed/threads/0/did/0/what";
    *json.pointer_mut(did).unwrap() = "dances".into();
    let record = Record::read(json.to_string().as_bytes()).unwrap();
    let observed = record.runs[0].servers[1].observed.as_ref().unwrap();
    assert_eq!(observed.threads[0].did[0].what, Doing::Unknown);
}

#[test]
fn times_that_no_look_can_have_shown_are_refused() {
    for (pointer, value) in [
        ("counts/0/at_us", 10_u64.pow(13)),
        ("threads/0/did/0/from_us", 10_u64.pow(7)),
        ("threads/0/did/0/to_us", 10_u64.pow(13)),
        ("until_us", 10_u64.pow(13)),
    ] {
        let mut json = serde_json::to_value(both()).unwrap();
        let place = format!("/runs/0/servers/1/observed/{pointer}");
        *json.pointer_mut(&place).unwrap() = value.into();
        let error = Record::read(json.to_string().as_bytes()).unwrap_err();
        assert!(
            error.place.starts_with(".runs[0].servers[1].observed"),
            "{error}"
        );
    }
}

/// Whatever was seen, the stays of a wait follow each other from its beginning to its
/// end.
#[test]
fn the_stays_of_a_wait_have_no_gap_and_do_not_overlap() {
    let mut state = 1_u64;
    let mut dice = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % most
    };
    for _ in 0..2_000 {
        let mut connections = Vec::new();
        for name in ["A", "B", "C"] {
            let sent = dice(1_000);
            let started = sent + dice(1_000);
            let times = [sent, started, started + dice(500)];
            let mut one = client(name, times, ["t-1", "t-2"][dice(2) as usize]);
            one.in_backlog_us = (dice(2) == 0).then(|| dice(2_500) * MS);
            one.accepted_us = (dice(2) == 0).then(|| dice(2_500) * MS);
            connections.push(one);
        }
        let mut at = 0;
        let mut did = Vec::new();
        for _ in 0..dice(8) {
            let from = at + dice(300);
            at = from + dice(400);
            let what = [Doing::Futex, Doing::Read, Doing::Running][dice(3) as usize];
            did.push((from, at, what));
        }
        let mut seen = thread("t-1", 1, &did);
        for did in &mut seen.did {
            did.ready_us = dice(1 + did.to_us - did.from_us);
        }
        let server = server(connections, vec![seen]);
        for ((_, request), stays) in server.requests().zip(whereabouts::of(&server)) {
            let (sent, started) =
                (request.sent_us.unwrap(), request.started_us().unwrap());
            let mut at = sent;
            for one in stays.iter().filter(|one| one.from < started) {
                assert_eq!(one.from, at, "{stays:?} of {request:?}");
                assert!(one.to > one.from);
                at = one.to;
            }
            assert_eq!(at, started, "{stays:?} of {request:?}");
            assert!(
                stays
                    .iter()
                    .all(|one| one.to <= request.replied_us.unwrap())
            );
        }
    }
}
