//! Scenarios of which something false was once said.

use timeline::{Places, record::Late, verdict::Verdict};

use crate::{
    made_up::{HEAD_OF_LINE, scenario, server},
    shown::{plain, requests, row, story},
};

const ONE: Places = Places::Limited(1);

#[test]
fn one_that_waits_is_not_served_and_exposes_nobody() {
    let clients = "client = [
        { name = 'P', at = '0s', requests = ['SLEEP 300ms'], times = 5 },
        { name = 'Q', at = '100ms', requests = ['PING'] },
    ]";
    let scenario = scenario(clients);
    let single = server(&scenario, "single", ONE);
    assert!(!story(&single).contains("while Q"), "{}", story(&single));
    assert_eq!(row(&single, "blocked requests"), "1 of 1");
    let threaded = server(&scenario, "threaded", Places::THREADS);
    assert_eq!(row(&threaded, "blocked requests"), "0 of 1");
}

#[test]
fn who_was_in_service_during_the_wait_is_named_with_a_share() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 1s'] },
        { name = 'B', at = '10ms', requests = ['SLEEP 3s'] },
        { name = 'C', at = '20ms', requests = ['PING'] },
    ]";
    let printed = plain(&server(&scenario(clients), "single", ONE));
    let expected = "C (PING) waited 3.98 s behind A (SLEEP 1s, for 0.98 s) and B \
        (SLEEP 3s, for \
                    3.00 s), then";
    assert!(printed.contains(expected), "{printed}");
    let short = clients.replace("SLEEP 1s", "SLEEP 100ms");
    let printed = plain(&server(&scenario(&short), "single", ONE));
    let expected = "C (PING) waited 3.08 s behind B (SLEEP 3s, for 3.00 s), then";
    assert!(
        printed.contains(expected),
        "a share below a tenth: {printed}"
    );
}

#[test]
fn who_waits_holds_no_place_and_services_are_named_in_their_order() {
    let clients = "client = [
        { name = 'A', at = '0s', pause = '200ms',
          requests = ['SLEEP 300ms', 'SLEEP 200ms'] },
        { name = 'B', at = '100ms', requests = ['SLEEP 1s'] },
        { name = 'C', at = '150ms', requests = ['PING'], hold = '500ms' },
        { name = 'D', at = '1s', requests = ['PING'] },
    ]";
    let printed = plain(&server(&scenario(clients), "single", ONE));
    let order = "C (PING) waited 1.55 s behind A.1 (SLEEP 300ms, for 0.15 s), A \
                 (connected and silent, for 0.20 s), A.2 (SLEEP 200ms, for \
                 0.20 s) and B (SLEEP 1s, for 1.00 s), then";
    assert!(printed.contains(order), "{printed}");
    let silent = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 300ms'] },
        { name = 'S', at = '50ms', hold = '1s' },
        { name = 'B', at = '100ms', requests = ['PING'] },
        { name = 'C', at = '1s', requests = ['PING'] },
    ]";
    let silent = plain(&server(&scenario(silent), "single", ONE));
    assert!(
        silent.contains("serving A, and S comes next, so B waits."),
        "{silent}"
    );
    assert!(
        silent.contains("S holds its place, so C waits."),
        "{silent}"
    );
    let waits = "D connects and asks for PING. The only thread is serving B, and C comes";
    assert!(printed.contains(waits), "{printed}");
}

#[test]
fn a_wait_for_a_silence_names_the_silent_one() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 100ms', 'PING'], pause = '3s' },
        { name = 'B', at = '20ms', requests = ['PING'] },
    ]";
    let single = server(&scenario(clients), "single", ONE);
    let printed = plain(&single);
    assert!(
        printed.contains("behind A (connected and silent, for 3.00 s)"),
        "{printed}"
    );
    assert_eq!(story(&single), "single answered B only after A had left.");
}

#[test]
fn who_was_answered_first_did_not_wait_for_the_others_reply() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['MEET 2'] },
        { name = 'C', at = '0s', requests = ['MEET 2'] },
    ]";
    let mut threaded = server(&scenario(clients), "threaded", Places::THREADS);
    let times = [(60_000, 40_000), (50_000, 0)];
    for (request, (replied, service)) in requests(&mut threaded).zip(times) {
        request.replied_us = Some(replied);
        request.service_us = Some(service);
        request.alone_us = None;
        request.model = None;
        request.reply = Some("+MET".to_owned());
    }
    for connection in &mut threaded.connections {
        connection.closed_us = Some(70_000);
    }
    assert!(
        !story(&threaded).contains("only after"),
        "{}",
        story(&threaded)
    );
    assert_eq!(row(&threaded, "requests served at once"), "2");
}

#[test]
fn those_who_meet_are_in_service_with_all_that_are_served_meanwhile() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 300ms'] },
        { name = 'M', at = '100ms', requests = ['MEET 2'], count = 2 },
        { name = 'B', at = '400ms', requests = ['SLEEP 300ms'] },
    ]";
    let mut threaded = server(&scenario(clients), "threaded", Places::THREADS);
    for (request, replied) in requests(&mut threaded).skip(1).zip([120_000, 125_000]) {
        (request.replied_us, request.service_us) = (Some(replied), Some(40));
        (request.alone_us, request.model) = (None, None);
        request.reply = Some("+MET".to_owned());
    }
    for connection in &mut threaded.connections[1..3] {
        connection.closed_us = Some(126_000);
    }
    let printed = story(&threaded);
    assert!(
        printed.contains("M-1 and M-2 while A was still"),
        "{printed}"
    );
    assert_eq!(row(&threaded, "requests served at once"), "3");
    // It is not known who met whom of four.
    let two_more: Vec<_> = threaded.connections[1..3].to_vec();
    threaded.connections.extend(two_more);
    assert_eq!(row(&threaded, "requests served at once"), "2 to 3");
}

#[test]
fn threads_that_wait_for_a_processor_are_blocked_by_nobody() {
    let clients = "client = [{ name = 'F', at = '0s', requests = ['PING'], count = 10 }]";
    let mut threaded = server(&scenario(clients), "threaded", Places::THREADS);
    for (index, request) in requests(&mut threaded).enumerate() {
        request.replied_us =
            Some([20, 30, 70, 40, 25, 80, 65, 75, 90, 60][index] * 1_000);
        request.service_us = Some(20);
        request.alone_us = Some(0);
    }
    for connection in &mut threaded.connections {
        connection.closed_us = connection.requests[0].replied_us.map(|at| at + 50);
    }
    assert_eq!(Verdict::of(&threaded).blocked(), [""; 0]);
    assert!(
        !story(&threaded).contains("only after"),
        "{}",
        story(&threaded)
    );
}

#[test]
fn services_of_any_length_overlap() {
    let clients =
        "client = [{ name = 'S', at = '0s', requests = ['SLEEP 40ms'], count = 4 }]";
    let threaded = server(&scenario(clients), "threaded", Places::THREADS);
    assert_eq!(row(&threaded, "requests served at once"), "4");
    let short = clients.replace("40ms", "2ms");
    let threaded = server(&scenario(&short), "threaded", Places::THREADS);
    assert_eq!(row(&threaded, "requests served at once"), "4");
}

#[test]
fn the_model_is_summed_over_the_waits_that_are_known() {
    let mut single = server(&scenario(HEAD_OF_LINE), "single", ONE);
    let quit = requests(&mut single).last().unwrap();
    (quit.request, quit.reply) = ("QUIT".to_owned(), Some("+BYE".to_owned()));
    (quit.service_us, quit.alone_us) = (None, None);
    assert_eq!(row(&single, "waited in all"), "3.40 s or more");
    assert_eq!(
        row(&single, "queue model: waited"),
        "3.40 s   each within 0 ms"
    );
    single.timed = false;
    assert_eq!(
        row(&single, "queue model: waited"),
        "none",
        "no wait is known"
    );
    assert!(plain(&single).contains("the queue model says 4.80 s"));
}

#[test]
fn one_update_hides_no_wait() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 1s'] },
        { name = 'B', at = '100ms', requests = ['INCR x'] },
    ]";
    let mut single = server(&scenario(clients), "single", ONE);
    requests(&mut single).last().unwrap().reply = Some(":1".to_owned());
    assert_eq!(row(&single, "lost updates"), "0 of 1");
    assert_eq!(row(&single, "blocked clients"), "1 of 1");
    assert!(
        story(&single).contains("single answered B only after A."),
        "{}",
        story(&single)
    );
}

#[test]
fn an_expectation_that_order_cannot_decide_is_no_failure() {
    let mut single = server(&scenario(HEAD_OF_LINE), "single", ONE);
    single.expect = Some(timeline::Expectation {
        blocked: Some(vec!["B".into(), "C".into(), "D".into()]),
        in_service: Some(1),
        ..Default::default()
    });
    single.late = vec![Late {
        at_us: 0,
        by_us: 450_000,
    }];
    let verdict = Verdict::of(&single);
    assert_eq!(
        verdict.blocked(),
        [""; 0],
        "a wait of up to 1.8 s proves nothing"
    );
    assert_eq!(verdict.undecided(), ["B", "C", "D"]);
    assert_eq!(verdict.failures, []);
    assert!(
        story(&single).contains("the order does not show whether"),
        "{}",
        story(&single)
    );
}
