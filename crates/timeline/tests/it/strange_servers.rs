//! Servers of one's own that people have tried, each of which once made the verdict say
//! something that was not so.

use timeline::{
    Places,
    record::{Design, ServerRun},
    stall,
    verdict::Verdict,
};

use crate::{
    made_up::{Measured, measured},
    shown::{row, says, says_nothing_of, story},
};

const ONE: Places = Places::Limited(1);
const LOOP: Places = Places::All(Design::EventLoop);

/// Three PRIMES on two processors, beside one SLEEP after another.
#[test]
fn who_shares_the_processors_waits_for_nobody() {
    let sleep = |at: u64| ("SLEEP 60ms", at * 60, at * 60 + 60, Some(60), 60);
    let sleeps: Vec<_> = (0..20).map(sleep).collect();
    let primes = |end: u64| [("PRIMES 20000", 100, end, Some(end - 101), 330)];
    let (p, q, r) = (primes(780), primes(785), primes(790));
    let server = measured(
        Places::THREADS,
        &[
            ("S", 0, 1_201, &sleeps),
            ("P", 100, 781, &p),
            ("Q", 100, 786, &q),
            ("R", 100, 791, &r),
        ],
    );
    says_nothing_of(&server, "inside the server");
    assert_eq!(Verdict::of(&server).blocked(), [""; 0]);
}

/// A's timer is looked at once P is computed.
fn event_loop() -> ServerRun {
    measured(
        LOOP,
        &[
            ("A", 0, 550, &[("SLEEP 100ms", 0, 550, Some(550), 100)]),
            ("P", 50, 551, &[("PRIMES 90000", 50, 550, Some(499), 490)]),
            ("B", 100, 551, &[("PING", 100, 551, Some(0), 0)]),
        ],
    )
}

#[test]
fn a_sleep_that_an_event_loop_ended_late_hides_no_wait() {
    let server = event_loop();
    says(&server, "B (PING) waited 0.45 s behind P (PRIMES 90000)");
    says(
        &server,
        "own: A was served for 0.55 s, says the server; it asked for a sleep of 0.10 s, \
         and the server computed until its reply.",
    );
    assert!(story(&server).contains("own answered B only after P."));
    assert_eq!(row(&server, "blocked clients"), "1 of 2");
}

/// A computes under the lock, and the clock of the others starts before it.
#[test]
fn who_waits_for_a_lock_while_another_computes_is_held_up_by_no_event_loop() {
    for request in ["ECHO tea", "SLEEP 1ms"] {
        let b = [(request, 200, 2_001, Some(1_801), 1)];
        let c = [(request, 400, 2_002, Some(1_602), 1)];
        let server = measured(
            Places::THREADS,
            &[
                (
                    "A",
                    0,
                    2_001,
                    &[("PRIMES 90000", 0, 2_000, Some(2_000), 1_990)],
                ),
                ("B", 200, 2_002, &b),
                ("C", 400, 2_003, &c),
            ],
        );
        assert_eq!(Verdict::of(&server).blocked(), ["B", "C"], "{request}");
        says(&server, "it waited inside the server");
    }
}

/// The machine keeps the demo from starting B for a moment.
#[test]
fn a_client_that_was_planned_a_second_later_shows_no_full_backlog() {
    let mut server = measured(
        Places::THREADS,
        &[
            ("A", 0, 2_001, &[("SLEEP 2s", 0, 2_000, Some(2_000), 2_000)]),
            ("B", 1_150, 1_152, &[("PING", 1_150, 1_151, Some(0), 0)]),
        ],
    );
    server.connections[1].due_us = 1_000_000;
    says_nothing_of(&server, "no room");
    // Nor where A is not served either.
    server.connections[0].requests[0].service_us = Some(0);
    says_nothing_of(&server, "no room");
}

/// The backlog has no room for C: its connect is tried again after a second, and keeps D
/// from coming.
#[test]
fn a_client_without_room_in_the_backlog_is_named_as_the_cause() {
    let mut server = measured(
        ONE,
        &[
            ("A", 0, 600, &[("SLEEP 600ms", 0, 600, Some(600), 600)]),
            ("B", 40, 601, &[("PING", 40, 601, Some(0), 0)]),
            ("C", 160, 1_171, &[("PING", 160, 1_170, Some(0), 0)]),
            ("D", 1_169, 1_172, &[("PING", 1_169, 1_171, Some(0), 0)]),
        ],
    );
    server.connections[3].due_us = 200_000;
    says(&server, "own answered B only after A.");
    says(
        &server,
        "D came 0.97 s later than planned: the server had no room for a client before.",
    );
    // So it is not the machine that was slow.
    let mut run = timeline::record::Run::default();
    run.servers.push(server);
    assert_eq!(stall::may_decide(&run), None);
    // A client that came while nobody connected was kept by the machine.
    run.servers[0].connections[2].opened_us = Some(1_000_000);
    assert!(stall::may_decide(&run).is_some());
}

/// It takes 0.4 s to accept a client.
#[test]
fn a_slow_accept_makes_no_service_shorter() {
    let server = measured(
        Places::THREADS,
        &[
            ("A", 0, 1_000, &[("SLEEP 600ms", 0, 1_000, Some(600), 600)]),
            (
                "B",
                100,
                1_300,
                &[("SLEEP 500ms", 100, 1_300, Some(500), 500)],
            ),
        ],
    );
    assert_eq!(row(&server, "requests served at once"), "1 to 2");
}

#[test]
fn a_client_that_is_served_is_named_once() {
    let clients: [Measured<'_>; 2] = [
        ("A", 0, 500, &[("SLEEP 300ms", 0, 300, None, 300)]),
        ("B", 100, 502, &[("ECHO b", 100, 501, None, 0)]),
    ];
    says(
        &measured(ONE, &clients),
        "B connects and asks for ECHO b. A comes first, so B waits.",
    );
}

/// H comes while A has the only place, and goes before it is let in.
#[test]
fn a_silent_client_in_the_backlog_is_passed_by_nobody() {
    let clients: [Measured<'_>; 3] = [
        (
            "A",
            0,
            402,
            &[
                ("PING", 0, 1, Some(0), 0),
                ("PING", 200, 201, Some(0), 0),
                ("PING", 400, 401, Some(0), 0),
            ],
        ),
        ("H", 50, 350, &[]),
        ("B", 100, 404, &[("PING", 100, 403, Some(0), 0)]),
    ];
    let mut server = measured(ONE, &clients);
    says_nothing_of(&server, "according to the scenario");
    says_nothing_of(&server, "while H was connected");
    // One that came before A was passed.
    server.connections[0].opened_us = Some(60_000);
    says(&server, "while H was connected and silent");
}

#[test]
fn a_sleep_that_is_too_short_is_no_measure() {
    let mut clients: [Measured<'_>; 2] = [
        ("A", 0, 301, &[("SLEEP 600ms", 0, 300, None, 600)]),
        ("B", 100, 501, &[("SLEEP 400ms", 100, 500, None, 400)]),
    ];
    let sentence = "own: A was answered after 0.30 s; it asked for a sleep of 0.60 s.";
    let untimed = measured(Places::THREADS, &clients);
    says(&untimed, sentence);
    assert_eq!(row(&untimed, "requests served at once"), "unknown");
    clients[0].3 = &[("SLEEP 600ms", 0, 300, Some(300), 600)];
    clients[1].3 = &[("SLEEP 400ms", 100, 500, Some(200), 400)];
    let timed = measured(Places::THREADS, &clients);
    says(&timed, sentence);
    says(
        &timed,
        "B (SLEEP 400ms) waited 0.20 s behind A (SLEEP 600ms)",
    );
    assert_eq!(row(&timed, "requests served at once"), "1");
}

#[test]
fn a_client_that_was_turned_away_came_all_the_same() {
    let mut server = measured(
        ONE,
        &[
            ("A", 0, 501, &[("SLEEP 500ms", 0, 500, Some(500), 500)]),
            ("B", 100, 101, &[("ECHO b", 100, 101, None, 0)]),
            ("C", 200, 201, &[("ECHO c", 200, 201, None, 0)]),
        ],
    );
    for connection in &mut server.connections[1..] {
        let request = &mut connection.requests[0];
        (request.replied_us, request.reply) = (None, None);
        request.failure = Some("the server closed the connection".to_owned());
    }
    assert_eq!(row(&server, "blocked clients"), "0 of 2");
    // Those that the end of the server has cut off had been waiting.
    for connection in &mut server.connections[1..] {
        connection.closed_us = Some(501_000);
    }
    assert_eq!(row(&server, "blocked clients"), "0 of 0");
}
