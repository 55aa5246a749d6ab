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

#[allow(dead_code, reason = "this program uses a part of it")]
#[path = "it/talking.rs"]
mod talking;

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use talking::{THREADED, ask, connect, pong, raw};

const PINGS: usize = 1_000;

/// Descriptors for so many clients in this process. This is a program of its own because
/// the servers of other tests would inherit the limit.
fn make_room_for(clients: usize) {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let room = maximum.unwrap_or(u64::MAX);
    assert!(
        room > clients as u64 + 100,
        "raise the hard limit on open files (ulimit -Hn)"
    );
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    )
    .unwrap();
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
    let server = fixture::start(THREADED, &flags);
    let mut sleepers: Vec<TcpStream> = Vec::new();
    for _ in 0..clients {
        let mut sleeper = raw(&server);
        sleeper.write_all(b"PING\r\nSLEEP 1h\r\n").unwrap();
        sleepers.push(sleeper);
    }
    for sleeper in &mut sleepers {
        sleeper.read_exact(&mut [0; 7]).unwrap(); // its thread goes to sleep now
    }

    let mut bystander = connect(&server);
    let mut latencies: Vec<Duration> = Vec::new();
    for _ in 0..PINGS {
        let start = Instant::now();
        assert_eq!(ask(&mut bystander, "PING"), pong());
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
