//! Clients that wait for a place are behind those who had it before them, and behind
//! nobody else.

use timeline::{Places, record::ServerRun};

use crate::{
    made_up::{measured, scenario, server},
    shown::{plain, requests, says},
};

fn played(clients: &str, places: usize) -> String {
    plain(&server(
        &scenario(clients),
        "server",
        Places::Limited(places),
    ))
}

#[test]
fn a_silent_client_that_came_later_and_never_got_in_is_not_named() {
    let clients = "client = [
        { name = 'U', at = '0s', requests = ['SLEEP 50ms'], hold = '20ms', count = 9 },
        { name = 'Q', at = '100ms', hold = '250ms' },
        { name = 'X', at = '200ms', requests = ['PING'] },
    ]";
    let printed = played(clients, 1);
    assert!(printed.contains("X (PING) waited"), "{printed}");
    assert!(!printed.contains("behind Q"), "{printed}");
    assert!(!printed.contains(" Q ("), "{printed}");
    let once = "serving U-1, and U-2 comes next, so U-3 waits.";
    assert!(printed.contains(once), "{printed}");
    assert!(
        printed.contains("U-2 only after U-1 had left;"),
        "{printed}"
    );
}

#[test]
fn a_request_of_a_client_that_stays_let_nobody_in() {
    let clients = "client = [
        { name = 'R', at = '0s', requests = ['PING', 'SLEEP 100ms', 'PING'],
          pause = '300ms', hold = '200ms' },
        { name = 'S', at = '10ms', hold = '600ms' },
        { name = 'B', at = '100ms', requests = ['SLEEP 50ms'] },
        { name = 'C', at = '120ms', requests = ['PING'] },
    ]";
    let printed = played(clients, 2);
    let alone = "B (SLEEP 50ms) waited 0.51 s behind S (connected and silent), then";
    assert!(printed.contains(alone), "{printed}");
    let both = "C (PING) waited 0.54 s behind S (connected and silent, for 0.49 s) and \
                B (SLEEP 50ms, for 0.05 s), then";
    assert!(printed.contains(both), "{printed}");
}

#[test]
fn the_silent_one_whose_place_it_was_is_named_beside_a_busy_one() {
    let clients = "client = [
        { name = 'D', at = '0s', hold = '300ms' },
        { name = 'A', at = '10ms', requests = ['SLEEP 250ms'] },
        { name = 'Y', at = '50ms', requests = ['SLEEP 500ms'] },
        { name = 'X', at = '100ms', requests = ['PING'] },
    ]";
    let printed = played(clients, 2);
    assert!(
        printed.contains("Y (SLEEP 500ms) waited 0.21 s behind A (SLEEP 250ms), then"),
        "{printed}"
    );
    let silent = "X (PING) waited 0.20 s behind D (connected and silent), then";
    assert!(printed.contains(silent), "{printed}");
}

#[test]
fn of_two_silent_ones_the_first_had_the_only_place() {
    let clients = "client = [
        { name = 'H', at = '0s', hold = '1s', count = 2 },
        { name = 'A', at = '50ms', requests = ['PING'] },
    ]";
    let scenario = scenario(clients);
    let mut server = server(&scenario, "server", Places::Limited(1));
    for (connection, closed) in server.connections.iter_mut().zip([1_000, 1_000, 1_010]) {
        connection.closed_us = Some(closed * 1_000);
    }
    for request in requests(&mut server) {
        (request.replied_us, request.service_us) = (Some(1_002_000), Some(1_000));
    }
    let printed = plain(&server);
    let one = "A (PING) waited 0.95 s behind H-1 (connected and silent), then";
    assert!(printed.contains(one), "{printed}");
}

/// C has its place, and waits like X: there is something else than places.
#[test]
fn a_client_that_waits_itself_kept_nobody_waiting() {
    let clients = "client = [
        { name = 'C', at = '0s', requests = ['PING', 'PING'], pause = '100ms' },
        { name = 'A', at = '50ms', requests = ['PRIMES 1s'], hold = '500ms' },
        { name = 'X', at = '150ms', requests = ['PING'] },
    ]";
    let server = server(&scenario(clients), "event", Places::EVENT_LOOP);
    let printed = plain(&server);
    let x = "X (PING) waited 0.90 s behind A (PRIMES 1s), then";
    assert!(printed.contains(x), "{printed}");
    assert!(!printed.contains("C holds its place"), "{printed}");
}

/// A thread for each client, and a lock that A holds: C is connected, and in nobody's
/// way.
#[test]
fn a_silent_client_that_left_much_earlier_gave_nobody_its_place() {
    let clients = "client = [
        { name = 'C', at = '0s', requests = ['PING'], hold = '530ms' },
        { name = 'A', at = '50ms', requests = ['SLEEP 500ms'], hold = '500ms' },
        { name = 'X', at = '150ms', requests = ['PING'] },
    ]";
    let mut lock = server(&scenario(clients), "lock", Places::THREADS);
    requests(&mut lock).nth(1).unwrap().replied_us = Some(552_000);
    let answered = |lock: &mut ServerRun, at: u64| {
        let x = requests(lock).nth(2).unwrap();
        (x.replied_us, x.service_us) = (Some(at), Some(10));
        lock.connections[2].closed_us = Some(at + 50);
        plain(lock)
    };
    let printed = answered(&mut lock, 552_200);
    let x = "X (PING) waited 0.40 s behind A (SLEEP 500ms), then";
    assert!(printed.contains(x), "{printed}");
    // A's reply came a moment later: it cannot be named, and C did not leave then.
    let printed = answered(&mut lock, 551_600);
    assert!(!printed.contains("behind C"), "{printed}");
    let open = "the order does not show whether X waited behind others";
    assert!(printed.contains(open), "{printed}");
    // On a server with two places X is served as soon as C has left.
    let printed = answered(&mut lock, 531_100);
    let x = "X (PING) waited 0.38 s behind C (connected and silent), then";
    assert!(printed.contains(x), "{printed}");
}

/// What a server with a lock showed: H, who only was connected, left 4 ms before C was
/// served, and B got its reply 29 µs before.
#[test]
fn whoever_left_in_silence_is_not_named_where_services_account_for_the_wait() {
    let clients = "client = [
        { name = 'H', at = '0s', hold = '798ms' },
        { name = 'A', at = '50ms', requests = ['SLEEP 400ms'] },
        { name = 'B', at = '100ms', requests = ['SLEEP 350ms'] },
        { name = 'C', at = '150ms', requests = ['PING'] },
    ]";
    let mut server = server(&scenario(clients), "server", Places::Limited(1));
    let times = [
        (50_105, 452_185, 400_106),
        (100_102, 802_391, 350_104),
        (150_097, 802_426, 6),
    ];
    server.connections[0].closed_us = Some(798_089);
    for (connection, (sent, replied, service)) in
        server.connections.iter_mut().skip(1).zip(times)
    {
        connection.opened_us = Some(sent - 3);
        connection.closed_us = Some(replied + 41);
        let request = &mut connection.requests[0];
        (request.sent_us, request.replied_us) = (Some(sent), Some(replied));
        request.service_us = Some(service);
    }
    let printed = plain(&server);
    let both = "C (PING) waited 0.65 s behind A (SLEEP 400ms, for 0.30 s) and \
                B (SLEEP 350ms, for 0.35 s), then";
    assert!(printed.contains(both), "{printed}");
}

/// A server with one thread that closes a connection after 300 ms without a request.
#[test]
fn of_two_that_came_together_and_were_closed_each_is_behind_for_its_own_time() {
    let closed = |name, at| (name, 0, at, &[][..]);
    let clients = [
        closed("H-1", 320),
        closed("H-2", 630),
        ("A", 50, 631, &[("PING", 50, 630, Some(0), 0)][..]),
    ];
    let mut server = measured(Places::Limited(1), &clients);
    for silent in &mut server.connections[..2] {
        silent.closed_by_server = true;
    }
    let both = "A (PING) waited 0.58 s behind H-1 (connected and silent, for 0.27 s) and \
                H-2 (connected and silent, for 0.31 s), then";
    says(&server, both);
}

/// A server with one thread and a read timeout, which A's client sees 16 µs after B's
/// reply. H had left before it was let in.
#[test]
fn who_was_closed_by_the_server_gave_its_place_though_that_is_seen_later() {
    let clients = [
        (
            "A",
            0,
            1_000,
            &[("SLEEP 400ms", 0, 400, Some(400), 400)][..],
        ),
        ("H", 150, 970, &[][..]),
        ("B", 200, 1_001, &[("PING", 200, 1_000, Some(0), 0)][..]),
    ];
    let mut server = measured(Places::Limited(1), &clients);
    server.connections[0].closed_us = Some(1_000_016);
    server.connections[0].closed_by_server = true;
    let a = "B (PING) waited 0.80 s behind A (SLEEP 400ms, for 0.20 s) and \
             A (connected and silent, for 0.60 s), then";
    says(&server, a);
}

#[test]
fn of_many_who_were_there_only_the_silent_are_called_silent() {
    let two =
        |at: u64| [at, at + 600].map(|at| ("SLEEP 300ms", at, at + 300, Some(300), 300));
    let [a, b, c, d] = [0, 901, 1_802, 2_703].map(two);
    let clients = [
        ("A", 0, 901, &a[..]),
        ("B", 20, 1_802, &b[..]),
        ("C", 30, 2_703, &c[..]),
        ("D", 40, 3_604, &d[..]),
        ("E", 650, 3_606, &[("PING", 650, 3_605, Some(0), 0)][..]),
    ];
    let mut server = measured(Places::Limited(1), &clients);
    for (connection, sent) in server.connections[1..4].iter_mut().zip([20, 30, 40]) {
        connection.requests[0].sent_us = Some(sent * 1_000);
    }
    let behind = "E (PING) waited 2.96 s behind A (connected, for 0.25 s), B (connected";
    says(&server, behind);
}

/// Two places: the third client got that of the first, and A that of the second.
#[test]
fn of_silent_clients_the_last_got_the_last_place_that_was_left() {
    let clients = "client = [
        { name = 'H1', at = '0s', hold = '300ms' },
        { name = 'H2', at = '30ms', hold = '340ms' },
        { name = 'H3', at = '60ms', hold = '500ms' },
        { name = 'A', at = '100ms', requests = ['SLEEP 100ms'] },
    ]";
    let printed = played(clients, 2);
    let h2 = "A (SLEEP 100ms) waited 0.27 s behind H2 (connected and silent), then";
    assert!(printed.contains(h2), "{printed}");
}
