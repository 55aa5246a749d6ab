//! Numbers that are not believed, and times that nobody's request accounts for.

use timeline::{
    Places,
    record::{Design, ServerRun, Stopped},
    verdict::Verdict,
};

use crate::{
    made_up::measured,
    shown::{plain, requests},
};

const ONE: Places = Places::Limited(1);

#[track_caller]
fn says(server: &ServerRun, what: &str) {
    let printed = plain(server);
    assert!(printed.contains(what), "{what}\n{printed}");
}

#[track_caller]
fn says_nothing_of(server: &ServerRun, what: &str) {
    let printed = plain(server);
    assert!(!printed.contains(what), "{what}\n{printed}");
}

/// One thread, and the server says twice what is true.
#[test]
fn who_claims_what_cannot_be_proves_nothing_by_another_claim() {
    let mut server = measured(
        ONE,
        &[
            ("A", 0, 801, &[("SLEEP 800ms", 0, 800, Some(1_600), 800)]),
            (
                "C",
                600,
                1_001,
                &[("SLEEP 200ms", 600, 1_000, Some(400), 200)],
            ),
        ],
    );
    says(&server, "A was served for 1.60 s, says the server, but");
    says(
        &server,
        "C was served for 0.40 s, says the server; it asked",
    );
    says_nothing_of(&server, "waited inside the server");
    requests(&mut server).next().unwrap().service_us = Some(800_000);
    says(
        &server,
        "C was served for 0.40 s; alone it takes 0.20 s: it waited inside",
    );
}

/// A lock for all requests, and a clock that begins before it. Nobody knows how long a
/// WORK takes alone.
#[test]
fn of_a_server_that_counts_waiting_an_unknown_request_shows_nothing() {
    let mut server = measured(
        Places::THREADS,
        &[
            ("A", 0, 601, &[("WORK 600ms", 0, 600, Some(600), 0)]),
            ("B", 100, 702, &[("WORK 100ms", 100, 701, Some(601), 0)]),
            ("C", 120, 602, &[("ECHO c", 120, 601, Some(481), 0)]),
        ],
    );
    for request in requests(&mut server).take(2) {
        request.alone_us = None;
    }
    says(
        &server,
        "C was served for 0.48 s; alone it takes 0.00 s: it waited inside",
    );
    says(&server, "0 to 2 of 2 blocked");
    says_nothing_of(&server, "B (WORK 100ms) waited 0.00 s");
    says_nothing_of(&server, "3 served at once");
}

/// Its program was stopped from 0.8 s to 2.3 s.
#[test]
fn who_comes_late_after_ctrl_z_found_room() {
    let mut server = measured(
        ONE,
        &[
            ("A", 0, 701, &[("SLEEP 700ms", 0, 700, Some(700), 700)]),
            ("D", 2_300, 2_302, &[("PING", 2_300, 2_301, Some(0), 0)]),
        ],
    );
    server.connections[1].due_us = 900_000;
    says(
        &server,
        "D came 1.40 s later than planned: the server had no room",
    );
    server.suspended = vec![Stopped {
        from_us: 800_000,
        to_us: 2_300_000,
    }];
    says_nothing_of(&server, "later than planned");
}

/// Two places and a backlog of one: E comes as the last one, and finds no room.
#[test]
fn who_is_served_when_the_system_asks_again_is_behind_nobody_for_sure() {
    let server = measured(
        Places::Limited(2),
        &[
            ("A", 0, 802, &[("SLEEP 800ms", 0, 801, Some(800), 800)]),
            ("B", 10, 812, &[("SLEEP 800ms", 10, 811, Some(800), 800)]),
            ("C", 100, 804, &[("PING", 100, 803, Some(0), 0)]),
            (
                "D",
                150,
                1_111,
                &[("SLEEP 200ms", 150, 1_012, Some(200), 200)],
            ),
            ("E", 300, 1_316, &[("ECHO e", 300, 1_315, Some(0), 0)]),
        ],
    );
    let verdict = Verdict::of(&server);
    assert_eq!(verdict.blocked(), ["C", "D"], "{}", plain(&server));
    assert_eq!(verdict.undecided(), ["E"], "{}", plain(&server));
}

#[test]
fn a_long_request_does_not_fill_the_screen() {
    let long = format!("ECHO {}", "x".repeat(9_000));
    let server = measured(
        ONE,
        &[
            ("R", 0, 301, &[(&long, 0, 300, Some(300), 300)]),
            ("B", 50, 302, &[("PING", 50, 301, Some(0), 0)]),
        ],
    );
    let printed = plain(&server);
    let longest = printed.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(200), "{longest:?}");
    says(&server, "waited 0.25 s behind R (ECHO xxx");
}

/// A lock for all: D's reply was seen just before C's, whose request came first.
#[test]
fn whoever_seems_to_have_come_just_after_is_not_passed_over() {
    let server = measured(
        Places::THREADS,
        &[
            ("A", 0, 801, &[("SLEEP 800ms", 0, 800, Some(800), 800)]),
            (
                "C",
                200,
                1_002,
                &[("SLEEP 200ms", 200, 1_001, Some(200), 200)],
            ),
            ("D", 300, 1_001, &[("PING", 300, 1_000, Some(0), 0)]),
        ],
    );
    says(
        &server,
        "D (PING) waited 0.70 s behind A (SLEEP 800ms, for 0.50 s) and others",
    );
}

/// Two PRIMES share two processors with others, while silent clients leave.
#[test]
fn a_slow_computation_is_not_laid_to_silent_clients() {
    let silent: Vec<(String, u64)> = (1..20).map(|n| (format!("H{n}"), n)).collect();
    let left = silent
        .iter()
        .map(|(name, n)| (name.as_str(), n * 5, n * 25 + 100, &[][..]));
    let primes = [("PRIMES 2000000", 50, 634, Some(583), 330)];
    let clients: Vec<_> = left.chain([("P", 50, 635, &primes[..])]).collect();
    let server = measured(Places::THREADS, &clients);
    says(&server, "P (PRIMES 2000000) waited 0.00 s, then");
    says_nothing_of(&server, "inside the server");
}

/// An event loop: the sleeps ended while P was computed, and so did the RUN.
#[test]
fn who_meets_on_an_event_loop_waits_for_nobody_who_sleeps() {
    let mut server = measured(
        Places::All(Design::EventLoop),
        &[
            ("S", 0, 532, &[("SLEEP 300ms", 0, 531, Some(531), 300)]),
            ("R", 10, 533, &[("RUN sleep 0.2", 10, 532, Some(521), 205)]),
            ("M1", 50, 534, &[("MEET 2", 50, 532, Some(482), 0)]),
            (
                "P",
                200,
                532,
                &[("PRIMES 2000000", 200, 531, Some(331), 330)],
            ),
            ("M2", 250, 534, &[("MEET 2", 250, 532, Some(0), 0)]),
            ("E", 260, 534, &[("ECHO e", 260, 533, Some(0), 0)]),
        ],
    );
    for request in requests(&mut server).filter(|one| one.request == "MEET 2") {
        (request.reply, request.alone_us) = (Some("+MET".to_owned()), None);
    }
    says(
        &server,
        "M2 (MEET 2) waited 0.28 s behind P (PRIMES 2000000), then",
    );
    says(
        &server,
        "E (ECHO e) waited 0.27 s behind P (PRIMES 2000000), then",
    );
}

#[test]
fn a_read_that_contradicts_the_replies_proves_no_update_kept() {
    let incr = |at: u64| [("INCR x", at, at + 1, Some(0), 0)];
    let (one, two, get) = (incr(0), incr(10), [("GET x", 50, 51, Some(0), 0)]);
    let mut server = measured(
        Places::THREADS,
        &[("A", 0, 2, &one), ("B", 10, 12, &two), ("C", 50, 52, &get)],
    );
    for (request, reply) in requests(&mut server).zip([":1", ":2", "$2"]) {
        request.reply = Some(reply.to_owned());
    }
    says(&server, "answered 2 updates; none was lost");
    requests(&mut server).last().unwrap().reply = Some("$1".to_owned());
    says(&server, "answered 2 updates; the replies show no loss");
}

/// An error without a service time, after 0.6 s.
#[test]
fn how_long_a_failing_request_took_is_not_known() {
    let mut server = measured(
        ONE,
        &[
            ("A", 0, 601, &[("FAIL 600ms", 0, 600, None, 0)]),
            ("B", 100, 603, &[("PING", 100, 602, Some(0), 0)]),
        ],
    );
    let failed = requests(&mut server).next().unwrap();
    (failed.alone_us, failed.reply) = (None, Some("-ERR no".to_owned()));
    says_nothing_of(&server, "A (FAIL 600ms) waited");
    says(&server, "0 to 1 of 1 blocked");
}
