//! The queue model against the waits of the teaching scenarios' table, by hand.

use std::{path::Path, time::Duration};

use sleep_demo::{queue_model::predict, scenario::Scenario};
use timeline::Places;

fn scenario(clients: &str) -> Scenario {
    let head =
        "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n";
    Scenario::parse(Path::new("made-up.toml"), &format!("{head}{clients}")).unwrap()
}

/// The wait of every request in milliseconds; `SLEEP n` takes n, everything else nothing.
fn waits(clients: &str, places: Places) -> Vec<u128> {
    let scenario = scenario(clients);
    let service = |request: &str| {
        let sleep = request.strip_prefix("SLEEP ");
        Some(sleep.map_or(Duration::ZERO, |time| {
            humantime::parse_duration(time).unwrap()
        }))
    };
    let predictions = predict(&scenario.clients, places, service).unwrap();
    let visits = predictions
        .iter()
        .flat_map(|prediction| &prediction.requests);
    visits.map(|visit| visit.waited().as_millis()).collect()
}

const HEAD_OF_LINE: &str = "
    client = [
        { name = 'A', at = '0s',    requests = ['SLEEP 2s'] },
        { name = 'B', at = '200ms', requests = ['RUN date'] },
        { name = 'C', at = '400ms', requests = ['RUN date'] },
        { name = 'D', at = '600ms', requests = ['SLEEP 500ms'] },
    ]";

const THREAD_LIMIT: &str = "
    client = [
        { name = 'A', at = '0s',    requests = ['SLEEP 2s'] },
        { name = 'B', at = '0s',    requests = ['SLEEP 2s'] },
        { name = 'C', at = '200ms', requests = ['RUN date'] },
        { name = 'D', at = '300ms', requests = ['SLEEP 1s'] },
        { name = 'E', at = '400ms', requests = ['RUN date'] },
    ]";

#[test]
fn one_place_makes_everyone_wait_behind_the_long_request() {
    assert_eq!(
        waits(HEAD_OF_LINE, Places::Limited(1)),
        [0, 1800, 1600, 1400]
    );
}

#[test]
fn a_quit_gives_the_place_back_and_nothing_after_it_is_served() {
    let clients = "client = [
        { name = 'A', at = '0s', hold = '9s',
          requests = ['SLEEP 1s', 'QUIT', 'SLEEP 5s'] },
        { name = 'B', at = '100ms', requests = ['PING'] },
    ]";
    assert_eq!(waits(clients, Places::Limited(1)), [0, 0, 900]);
    assert_eq!(waits(clients, Places::EVENT_LOOP), [0, 0, 0]);
}

#[test]
fn a_thread_each_makes_nobody_wait() {
    assert_eq!(waits(HEAD_OF_LINE, Places::THREADS), [0, 0, 0, 0]);
}

#[test]
fn the_limit_decides_who_waits() {
    assert_eq!(
        waits(THREAD_LIMIT, Places::Limited(1)),
        [0, 2000, 3800, 3700, 4600]
    );
    assert_eq!(
        waits(THREAD_LIMIT, Places::Limited(2)),
        [0, 0, 1800, 1700, 1600]
    );
    assert_eq!(waits(THREAD_LIMIT, Places::Limited(4)), [0, 0, 0, 0, 0]);
}

#[test]
fn a_silent_client_takes_a_place_until_it_leaves() {
    let clients = "
        client = [
            { name = 'A', at = '0s', hold = '3s' },
            { name = 'B', at = '200ms', requests = ['RUN date'] },
            { name = 'C', at = '400ms', requests = ['RUN date'] },
        ]";
    assert_eq!(waits(clients, Places::Limited(1)), [2800, 2600]);
    assert_eq!(waits(clients, Places::THREADS), [0, 0]);
}

#[test]
fn a_silent_client_that_never_got_a_place_leaves_in_its_own_time() {
    let clients = "
        client = [
            { name = 'A', at = '0s', requests = ['SLEEP 2s'] },
            { name = 'B', at = '0s', hold = '1s' },
            { name = 'C', at = '0s', requests = ['PING'] },
        ]";
    assert_eq!(waits(clients, Places::Limited(1)), [0, 2000]);
}

#[test]
fn thinking_and_holding_keep_the_place() {
    let clients = "
        client = [
            { name = 'A', at = '0s', requests = ['SAY a', 'SAY b'], pause = '2s', hold \
            = '1s' },
            { name = 'B', at = '200ms', requests = ['RUN date'] },
        ]";
    assert_eq!(waits(clients, Places::Limited(1)), [0, 0, 2800]);
    assert_eq!(waits(clients, Places::THREADS), [0, 0, 0]);
}

#[test]
fn a_pipelined_request_waits_for_those_before_it_even_with_threads() {
    let clients = "
        client = [
            { name = 'P', at = '0s', requests = ['SLEEP 2s', 'RUN date', 'RUN date'], \
            pipeline = true },
            { name = 'Q', at = '200ms', requests = ['RUN date'] },
        ]";
    assert_eq!(waits(clients, Places::Limited(1)), [0, 2000, 2000, 1800]);
    assert_eq!(waits(clients, Places::THREADS), [0, 2000, 2000, 0]);
}

#[test]
fn arrivals_are_served_in_the_order_of_time_then_of_the_file() {
    let clients = "
        client = [
            { name = 'late',  at = '1s', requests = ['SLEEP 1s'] },
            { name = 'early', at = '0s', requests = ['SLEEP 3s'] },
            { name = 'next',  at = '1s', requests = ['PING'] },
        ]";
    assert_eq!(waits(clients, Places::Limited(1)), [2000, 0, 3000]);
}

#[test]
fn an_unknown_service_time_makes_no_prediction() {
    let scenario =
        scenario("client = [{ name = 'A', at = '0s', requests = ['MEET 2'] }]");
    assert_eq!(predict(&scenario.clients, Places::THREADS, |_| None), None);
}

#[test]
fn an_event_loop_waits_for_all_at_once_and_computes_for_one_at_a_time() {
    let clients = "
        client = [
            { name = 'H', at = '0s',    hold = '2s' },
            { name = 'A', at = '100ms', requests = ['SLEEP 1s'] },
            { name = 'B', at = '200ms', requests = ['PING'] },
            { name = 'P', at = '300ms', requests = ['PRIMES 1'] },
            { name = 'C', at = '450ms', requests = ['PING'] },
            { name = 'D', at = '1s',    requests = ['PRIMES 1', 'PING'], pipeline = \
            true },
        ]";
    let scenario = scenario(clients);
    let service = |request: &str| {
        Some(match request {
            "SLEEP 1s" => Duration::from_secs(1),
            "PRIMES 1" => Duration::from_millis(600),
            _ => Duration::ZERO,
        })
    };
    let predicted = predict(&scenario.clients, Places::EVENT_LOOP, service).unwrap();
    let visits = predicted.iter().flat_map(|client| &client.requests);
    let millis: Vec<_> = visits
        .map(|visit| (visit.waited().as_millis(), visit.replied.as_millis()))
        .collect();
    // A's second is over while D computes, so that its reply comes with D's.
    let due = [
        (0, 1_600),
        (0, 200),
        (0, 900),
        (450, 900),
        (0, 1_600),
        (600, 1_600),
    ];
    assert_eq!(millis, due);
}

#[test]
fn an_event_loop_does_not_know_how_long_clients_wait_for_each_other() {
    let clients = "client = [{ name = 'A', at = '0s', requests = ['MEET 2'] }]";
    let scenario = scenario(clients);
    assert!(predict(&scenario.clients, Places::EVENT_LOOP, |_| None).is_none());
}
