//! Behaviour 14 of `docs/reliability.md`, in states that nobody chose: a stop ends every
//! server in order, its figures add up, and nothing that it started is left.
#![cfg(target_os = "linux")]

use std::{
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::{
    signals::{processes, send},
    talking::{BOTH, HUNG, raw},
};
use fixture::Dice;
use launch::Stream;
use rustix::process::Signal;

const GRACE: Duration = Duration::from_millis(200);
const REQUESTS: [&str; 12] = [
    "PING\r\n",
    "SLEEP 50ms\r\nPING\r\n",
    "SLEEP 30s\r\n",
    "MEET 3\r\n",
    "PRIMES 10000000\r\n",
    "RUN sleep WORD\r\n",
    "RUN sh -c \"setsid sleep WORD & sleep WORD\"\r\n",
    "RUN yes\r\n",
    "REGISTER a b c\r\nROSTER\r\n",
    "POST / HTTP/1.1\r\n",
    "ECHO \"half",
    "*2\r\n$4\r\nECHO\r\n$100\r\nhalf",
];

/// Clients in the middle of something; some of them have already gone.
fn clients(server: &launch::Server, dice: &mut Dice, word: &str) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for _ in 0..=dice.index(30) {
        let mut client = raw(server);
        for _ in 0..=dice.index(3) {
            let request = dice.one_of(&REQUESTS).replace("WORD", word);
            let _ = client.write_all(request.as_bytes()); // it may be closed already
        }
        if !dice.once_in(5) {
            clients.push(client);
        }
    }
    clients
}

fn a_stop_in_random_states(rounds: usize, seed: u64) {
    let mut longest = Duration::ZERO;
    for round in 0..rounds {
        // A round is repeated by its own number.
        let mut dice = Dice::new(seed + round as u64);
        let name = dice.one_of(&BOTH);
        let word = format!("3000.{}{round:04}", std::process::id());
        let flags = ["--grace", "200ms", "--allow", "sh", "--allow", "yes"];
        let mut server = fixture::start(name, &flags);
        let clients = clients(&server, &mut dice, &word);
        for _ in 0..dice.index(2_000) {
            thread::yield_now();
        }
        let signal = dice.one_of(&[Signal::TERM, Signal::INT, Signal::HUP]);
        let begun = Instant::now();
        send(&server, signal);
        let status = server.wait(HUNG).unwrap();
        longest = longest.max(begun.elapsed());
        let lines = server.lines(Stream::Stdout);
        let summary = lines.last().unwrap();
        let state = format!("seed {seed}, round {round}, {name}: {summary}");
        assert_eq!(status.code(), Some(0), "{state}");
        let numbers: Vec<u64> = summary
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        let [accepted, closed, open, requests, answered, aborted] = numbers[..] else {
            panic!("{state}")
        };
        assert_eq!((accepted, open), (closed, 0), "{state}");
        assert_eq!(requests, answered + aborted, "{state}");
        assert_eq!(processes(&word), [""; 0], "{state}");
        drop(clients);
    }
    let past = longest.saturating_sub(GRACE).as_millis();
    println!("{rounds} stops in random states ended at most {past} ms past the grace");
}

#[test]
fn a_stop_in_a_random_state_ends_in_order_and_leaves_nothing() {
    a_stop_in_random_states(5, 1);
}

#[test]
#[ignore = "a figure of docs/reliability.md"]
fn two_hundred_stops_in_random_states_end_in_order() {
    a_stop_in_random_states(200, 1_000);
}
