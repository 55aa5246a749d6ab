//! Numbers that are not believed, and times that nobody's request accounts for.

use timeline::{Places, record::Stopped, verdict::Verdict};

use crate::{
    made_up::measured,
    shown::{plain, requests, says, says_nothing_of},
};

const ONE: Places = Places::Limited(1);

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

/// A request that fails after 0.6 s, on a server that counts waiting.
#[test]
fn what_a_failing_request_claims_is_not_taken_for_a_wait() {
    let mut server = measured(
        Places::THREADS,
        &[
            ("A", 0, 601, &[("SLEEP 600ms", 0, 600, Some(600), 600)]),
            ("B", 100, 602, &[("ECHO b", 100, 601, Some(501), 0)]),
            ("F", 700, 1_301, &[("EVAL x 0", 700, 1_300, Some(600), 0)]),
        ],
    );
    let failed = requests(&mut server).last().unwrap();
    (failed.alone_us, failed.reply) = (None, Some("-ERR no".to_owned()));
    says_nothing_of(&server, "F (EVAL x 0) waited");
    says(&server, "1 of 1 blocked");
}

#[test]
fn a_server_that_cuts_a_sleep_short_may_be_right_about_another_wait() {
    let server = measured(
        Places::THREADS,
        &[
            ("A", 0, 801, &[("RUN sleep 0.8", 0, 800, Some(800), 800)]),
            ("B", 100, 802, &[("ECHO b", 100, 801, Some(701), 0)]),
            (
                "C",
                1_000,
                1_301,
                &[("SLEEP 600ms", 1_000, 1_300, Some(300), 600)],
            ),
        ],
    );
    says(
        &server,
        "B was served for 0.70 s; alone it takes 0.00 s: it waited inside",
    );
}
