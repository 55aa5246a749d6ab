//! Statements that somebody else's scenarios have contradicted once.

use timeline::{
    Places,
    record::{Late, ServerRun},
    verdict::Verdict,
};

use crate::{
    made_up::{HEAD_OF_LINE, scenario, server},
    shown::{plain, requests, row, story},
};

const ONE: Places = Places::Limited(1);

fn heading(server: &ServerRun) -> String {
    let printed = plain(server);
    let first = printed.lines().next().unwrap();
    first.split_once(": ").unwrap().1.to_owned()
}

/// Their replies came 0.1 ms before that of A-3, for whom they had waited.
#[test]
fn a_reply_that_comes_a_moment_before_anothers_is_no_noise() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 300ms'], count = 3, gap = '20ms' },
        { name = 'B', at = '100ms', requests = ['PING'], count = 3, gap = '50ms' },
    ]";
    let mut locked = server(&scenario(clients), "locked", ONE);
    let replied = requests(&mut locked).nth(2).unwrap().replied_us.unwrap();
    for request in requests(&mut locked).skip(3) {
        (request.replied_us, request.service_us) = (Some(replied - 100), Some(10));
    }
    let verdict = Verdict::of(&locked);
    assert_eq!(verdict.tolerance_us, 5_000, "{verdict:#?}");
    assert!(
        verdict.blocked().starts_with(&["A-2", "A-3"]),
        "{verdict:#?}"
    );
}

#[test]
fn nobody_waits_for_a_request_that_was_never_sent() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['PING', 'PING'], pause = '600ms' },
        { name = 'B', at = '100ms', requests = ['PING'] },
    ]";
    let mut put_out = server(&scenario(clients), "put-out", ONE);
    let a = &mut put_out.connections[0];
    (a.closed_us, a.closed_by_server) = (Some(201_000), true);
    let second = &mut a.requests[1];
    (second.sent_us, second.replied_us, second.service_us) = (None, None, None);
    (second.reply, second.failure) = (None, Some("it closed".to_owned()));
    let b = &mut put_out.connections[1];
    b.requests[0].replied_us = Some(202_000);
    b.closed_us = Some(202_100);
    let printed = plain(&put_out);
    for said in [
        "B (PING) waited 0.10 s behind A (connected and silent)",
        "A holds its place, so B waits.",
        "The server closes A's connection, after 0.20 s of silence.",
        "A.2 (PING) was never sent: it closed.",
    ] {
        assert!(printed.contains(said), "{said}: {printed}");
    }
    assert!(!printed.contains("behind A.2"), "{printed}");
    assert_eq!(row(&put_out, "blocked requests"), "1 of 1");
}

/// H3 was itself in the backlog until H1 had left.
#[test]
fn a_silent_client_that_waited_for_its_place_is_named_with_the_one_before_it() {
    let clients = "client = [
        { name = 'H1', at = '0s', hold = '500ms' },
        { name = 'H2', at = '50ms', hold = '550ms' },
        { name = 'H3', at = '100ms', hold = '600ms' },
        { name = 'A', at = '200ms', requests = ['PING'], hold = '300ms' },
        { name = 'B', at = '250ms', requests = ['SLEEP 100ms'] },
    ]";
    let pool = server(&scenario(clients), "pool", Places::Limited(2));
    let printed = plain(&pool);
    let behind = "B (SLEEP 100ms) waited 0.45 s behind H1 (connected and silent, for \
                  0.25 s) and H3 (connected and silent, for 0.20 s)";
    assert!(printed.contains(behind), "{printed}");
}

#[test]
fn one_thread_is_said_of_the_main_thread_alone_and_of_no_server_that_is_not_timed() {
    let mut one = server(&scenario(HEAD_OF_LINE), "one", ONE);
    let in_turn = "one thread serves every client in turn.";
    assert_eq!(heading(&one), in_turn);
    requests(&mut one).for_each(|one| one.thread = Some("MainThread".to_owned()));
    assert_eq!(heading(&one), in_turn);
    requests(&mut one).for_each(|one| one.thread = Some("unnamed".to_owned()));
    assert_eq!(heading(&one), "one client at a time.");
    one.timed = false;
    requests(&mut one).for_each(|one| (one.thread, one.service_us) = (None, None));
    assert_eq!(heading(&one), "one client at a time.");
}

#[test]
fn an_event_loop_that_sleeps_for_one_is_so_only_in_the_scenario() {
    let mut one = server(&scenario(HEAD_OF_LINE), "one", ONE);
    one.places = Some(Places::EVENT_LOOP);
    assert_eq!(
        heading(&one),
        "according to the scenario, one thread waits for all clients at once."
    );
}

#[test]
fn who_is_refused_is_not_served() {
    let mut refusing = server(&scenario(HEAD_OF_LINE), "refusing", Places::THREADS);
    refusing.places = Some(ONE);
    for request in requests(&mut refusing).skip(1) {
        request.reply = Some("-ERR max number of clients reached".to_owned());
        (request.service_us, request.alone_us) = (None, None);
        request.replied_us = request.sent_us.map(|sent| sent + 200);
    }
    assert_eq!(row(&refusing, "requests served at once"), "1");
    assert_eq!(
        heading(&refusing),
        "one thread serves every client in turn."
    );
    assert!(
        !story(&refusing).contains("while A"),
        "{}",
        story(&refusing)
    );
}

#[test]
fn a_server_that_is_not_timed_serves_as_many_at_once_as_is_sure() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 300ms'] },
        { name = 'B', at = '100ms', requests = ['SLEEP 300ms'] },
    ]";
    let mut untimed = server(&scenario(clients), "untimed", Places::THREADS);
    untimed.timed = false;
    requests(&mut untimed).for_each(|one| (one.thread, one.service_us) = (None, None));
    assert_eq!(row(&untimed, "requests served at once"), "2 or more");
    untimed.places = Some(ONE);
    assert_eq!(
        heading(&untimed),
        "according to the scenario, one client at a time."
    );
}

#[test]
fn a_connection_that_was_asked_for_again_is_no_noise() {
    let mut full = server(&scenario(HEAD_OF_LINE), "full", ONE);
    let late = full.connections.last_mut().unwrap();
    let request = &mut late.requests[0];
    request.replied_us = request.replied_us.map(|replied| replied + 1_020_000);
    late.closed_us = late.closed_us.map(|closed| closed + 1_020_000);
    assert_eq!(Verdict::of(&full).blocked(), ["B", "C", "D"]);
    let late = full.connections.last_mut().unwrap();
    let request = &mut late.requests[0];
    request.replied_us = request.replied_us.map(|replied| replied + 1_000_000);
    late.closed_us = late.closed_us.map(|closed| closed + 1_000_000);
    let verdict = Verdict::of(&full);
    assert_eq!(verdict.blocked(), ["B", "C"], "{verdict:#?}");
    assert_eq!(verdict.undecided(), ["D"], "{verdict:#?}");
}

#[test]
fn clients_that_could_not_come_in_time_are_named() {
    let mut full = server(&scenario(HEAD_OF_LINE), "full", ONE);
    for connection in full.connections.iter_mut().skip(2) {
        connection.opened_us = connection.opened_us.map(|at| at + 1_020_000);
        let sent = connection.opened_us;
        connection.requests[0].sent_us = sent;
    }
    let said = "full: C and D came up to 1.02 s later than planned: the server had no \
                room for a client before.";
    assert!(story(&full).contains(said), "{}", story(&full));
}

#[test]
fn a_late_wake_up_says_beside_which_server_where_each_has_its_own_clock() {
    let mut one = server(&scenario(HEAD_OF_LINE), "one", ONE);
    let (at_us, by_us) = (870_000, 100_000);
    one.late.push(Late { at_us, by_us });
    let run = timeline::record::Run {
        servers: vec![one],
        in_turn: true,
        ..Default::default()
    };
    let said = timeline::stall::of(&run).unwrap();
    assert!(said.ends_with("for 0.10 s, at 0.87 s of one"), "{said}");
}

/// Its name would be a question mark and a full stop.
#[test]
fn a_reason_that_ends_a_sentence_gets_no_second_full_stop() {
    let mut server = server(&scenario(HEAD_OF_LINE), "server", ONE);
    let last = requests(&mut server).last().unwrap();
    (last.reply, last.failure) = (None, Some("does it run there?".to_owned()));
    let printed = plain(&server);
    assert!(printed.contains("does it run there?\n"), "{printed}");
}

#[test]
fn many_small_shares_are_others() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 300ms'] },
        { name = 'S', at = '10ms', requests = ['SLEEP 20ms'], count = 30 },
        { name = 'B', at = '20ms', requests = ['PING'] },
    ]";
    let printed = plain(&server(&scenario(clients), "server", ONE));
    let b = "B (PING) waited 0.88 s behind A (SLEEP 300ms, for 0.28 s) and others, then";
    assert!(printed.contains(b), "{printed}");
}

#[test]
fn what_a_sleep_asked_for_is_not_what_it_takes_alone() {
    let clients = "client = [{ name = 'A', at = '0s', requests = ['SLEEP 400ms'] }]";
    let mut twice = server(&scenario(clients), "twice", ONE);
    let a = requests(&mut twice).next().unwrap();
    (a.replied_us, a.service_us) = (Some(800_000), Some(800_000));
    let said = "A was served for 0.80 s, says the server; it asked for a sleep of 0.40 s";
    assert!(story(&twice).contains(said), "{}", story(&twice));
}
