//! Thousands of clients that sleep on a thread each, and one beside them whose PING is
//! answered while they all sleep.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use client::Connection;

const PINGS: usize = 1_000;
/// How long anything may take before the test gives it up as hung.
const HUNG: Duration = Duration::from_secs(60);

/// Descriptors for all clients of this process. This is a program of its own because
/// the servers of other tests would inherit the limit.
fn make_room_for(clients: usize) {
    assert!(
        launch::raise_descriptors() > clients as u64 + 100,
        "raise the hard limit on open files (ulimit -Hn)"
    );
}

fn is_silent(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let peeked = stream.peek(&mut [0]);
    peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

fn a_bystander_is_served_beside(clients: usize) {
    make_room_for(clients);
    let most = (clients + 10).to_string();
    let flags = ["--quiet", "--max-clients", &most, "--max-sleep", "1h"];
    let server = fixture::start("threaded-server", &flags);
    let mut sleepers: Vec<TcpStream> = Vec::new();
    for _ in 0..clients {
        let mut sleeper = TcpStream::connect(server.address()).unwrap();
        sleeper.set_read_timeout(Some(HUNG)).unwrap();
        sleeper.write_all(b"PING\r\nSLEEP 1h\r\n").unwrap();
        sleepers.push(sleeper);
    }
    for sleeper in &mut sleepers {
        sleeper.read_exact(&mut [0; 7]).unwrap(); // its thread goes to sleep now
    }

    let mut bystander = Connection::open(server.address().to_string(), HUNG).unwrap();
    let mut latencies: Vec<Duration> = Vec::new();
    for _ in 0..PINGS {
        let start = Instant::now();
        bystander.request(&["PING"]).unwrap();
        latencies.push(start.elapsed());
    }
    assert!(sleepers.iter().all(is_silent), "they all sleep");
    latencies.sort_unstable();
    println!(
        "{PINGS} of {PINGS} PINGs answered beside {clients} sleeping clients: \
         median {:?}, 99th percentile {:?}",
        latencies[PINGS / 2],
        latencies[PINGS * 99 / 100]
    );
}

#[test]
fn a_bystander_is_served_beside_five_hundred_sleepers() {
    a_bystander_is_served_beside(500);
}

#[test]
#[ignore = "a figure of docs/reliability.md"]
fn a_bystander_is_served_beside_ten_thousand_sleepers() {
    a_bystander_is_served_beside(10_000);
}
