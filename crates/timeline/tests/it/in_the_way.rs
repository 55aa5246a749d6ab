//! Who was in the way of a request: at locks, on event loops, and beside clients that
//! only are connected.

use timeline::{Places, record::Design};

use crate::{
    made_up::{Asked, Measured, measured},
    shown::{chart, requests, says, says_nothing_of},
};

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
    let lines = chart(&server);
    assert!(lines.contains("0.00  A…"), "{lines}");
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

/// An event loop, as the first sleep shows. The second one was over before.
#[test]
fn a_meeting_on_an_event_loop_is_not_behind_a_sleep_that_ended_in_time() {
    let mut server = measured(
        Places::All(Design::EventLoop),
        &[
            ("S", 0, 532, &[("SLEEP 300ms", 0, 531, Some(531), 300)]),
            ("T", 0, 200, &[("SLEEP 195ms", 0, 195, Some(195), 195)]),
            ("P", 196, 532, &[("PRIMES 9", 196, 531, Some(331), 330)]),
            ("M1", 50, 534, &[("MEET 2", 50, 532, Some(335), 0)]),
            ("M2", 100, 534, &[("MEET 2", 100, 532, Some(0), 0)]),
        ],
    );
    for request in requests(&mut server).filter(|one| one.request == "MEET 2") {
        (request.reply, request.alone_us) = (Some("+MET".to_owned()), None);
    }
    says_nothing_of(&server, "behind T");
}

/// A lock, and a silent client that was connected all the time.
#[test]
fn of_many_at_a_lock_the_requests_are_named() {
    let asked: Vec<Asked<'_>> = (0..7)
        .map(|n| ("SLEEP 80ms", 5 + n, (n + 1) * 80, Some(80), 80))
        .chain([("SLEEP 300ms", 15, 860, Some(300), 300)])
        .collect();
    let names: Vec<String> = (0..8).map(|n| format!("A{n}")).collect();
    let each = names.iter().zip(asked.chunks(1));
    let mut clients: Vec<Measured<'_>> = each
        .map(|(name, asked)| (name.as_str(), asked[0].1, 2_000, asked))
        .collect();
    clients.push(("S", 5, 845, &[]));
    let ping = [("PING", 20, 861, Some(0), 0)];
    clients.push(("X", 20, 862, &ping));
    let server = measured(Places::THREADS, &clients);
    says_nothing_of(&server, "X (PING) waited 0.84 s behind S");
    says(&server, "A7 (SLEEP 300ms, for 0.30 s) and others");
}

/// H reads its reply after 300 ms, and stays.
#[test]
fn who_has_read_its_reply_and_stays_is_silent() {
    let mut server = measured(
        Places::Limited(1),
        &[
            ("H", 0, 2_000, &[("PING", 0, 300, Some(0), 0)]),
            ("X", 100, 2_002, &[("PING", 100, 2_001, Some(0), 0)]),
        ],
    );
    server.connections[0].read_delay_us = Some(300_000);
    says(&server, "behind H (connected and silent, for 1.70 s)");
}

/// Two jobs that computed at the same time: a pool is no event loop.
#[test]
fn a_script_that_computes_is_held_up_by_nobody() {
    let server = measured(
        Places::Limited(2),
        &[
            ("R", 0, 700, &[("RUN python3 -c x", 0, 612, Some(612), 300)]),
            ("P", 10, 900, &[("PRIMES 1", 10, 613, Some(603), 300)]),
            ("H", 50, 901, &[]),
            ("X", 100, 902, &[("PING", 100, 901, Some(0), 0)]),
        ],
    );
    says(&server, "the order does not show whether X waited");
}

fn silent<'a>(name: &'a str, came: u64, left: u64) -> Measured<'a> {
    (name, came, left, &[])
}

/// One thread: each silent client got the place of the one before it.
#[test]
fn silent_clients_pass_the_only_place_on() {
    let ping = [("PING", 130, 471, Some(0), 0)];
    let server = measured(
        Places::Limited(1),
        &[
            silent("Ann", 0, 161),
            silent("Ben", 20, 330),
            silent("Cy", 40, 470),
            ("Di", 130, 472, &ping),
        ],
    );
    let both = "behind Ben (connected and silent, for 0.17 s) and Cy (connected and \
                silent, for 0.14 s), then";
    says(&server, both);
}

/// Three places, and a fourth silent client, who got the first one's.
#[test]
fn who_left_just_then_gave_its_place() {
    let ping = [("PING", 200, 731, Some(0), 0)];
    let server = measured(
        Places::Limited(3),
        &[
            silent("Chat-1", 0, 700),
            silent("Chat-2", 30, 730),
            silent("Chat-3", 60, 760),
            silent("Chat-4", 90, 790),
            ("A", 200, 732, &ping),
        ],
    );
    says(
        &server,
        "A (PING) waited 0.53 s behind Chat-2 (connected and silent), then",
    );
}

#[test]
fn a_meeting_waits_for_a_place_like_others() {
    let (sleep, first, second) = (
        [("SLEEP 500ms", 0, 501, Some(500), 500)],
        [("MEET 2", 60, 514, Some(193), 0)],
        [("MEET 2", 110, 514, Some(0), 0)],
    );
    let mut server = measured(
        Places::Limited(2),
        &[
            ("S", 0, 502, &sleep),
            silent("I", 20, 320),
            ("M1", 60, 515, &first),
            ("M2", 110, 515, &second),
        ],
    );
    for request in requests(&mut server).filter(|one| one.request == "MEET 2") {
        (request.reply, request.alone_us) = (Some("+MET".to_owned()), None);
    }
    says(
        &server,
        "M1 (MEET 2) waited 0.26 s behind I (connected and silent), then",
    );
}

/// R reads each reply 400 ms late, and keeps the only place until then.
#[test]
fn who_reads_late_is_named_once_and_for_all_of_its_time() {
    let two = [("SLEEP 150ms", 0, 150, Some(150), 150)];
    let ping = [("PING", 50, 552, Some(0), 0)];
    let mut server = measured(
        Places::Limited(1),
        &[("R", 0, 551, &two), ("A", 50, 553, &ping)],
    );
    server.connections[0].read_delay_us = Some(400_000);
    says(
        &server,
        "behind R (SLEEP 150ms, for 0.10 s) and R (connected, for 0.40 s), then",
    );
    says_nothing_of(&server, "R and R");
}
