//! Every kind of attack, alone and all at once, and a bystander whose PINGs must all be
//! answered. `attacker.rs` has the attacks.
//!
//! A program of its own, because it raises its limit on descriptors, which the servers
//! of other tests would inherit.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

mod attacker;

use std::{
    env,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

use client::{Connection, Reply};
use launch::Server;

use attacker::{ATTACKS, Attack, Attacker};

const ATTACKERS: usize = 8;
/// Between two PINGs of the bystander.
const INTERVAL: Duration = Duration::from_millis(1);
/// How long anything may take before the test gives it up as hung.
const HUNG: Duration = Duration::from_secs(60);

fn start() -> Server {
    let clients = (ATTACKERS * attacker::CROWD) as u64;
    assert!(
        launch::raise_descriptors() > clients + 100,
        "raise the hard limit on open files (ulimit -Hn)"
    );
    // All attackers at once fit in, so that nobody waits for a place.
    fixture::start("threaded-server", &["--quiet", "--max-sleep", "1h"])
}

/// What the bystander saw of one attack, or of all.
#[derive(Debug)]
struct Seen {
    attacks: usize,
    /// Of each PING; all were answered.
    latencies: Vec<Duration>,
}

/// Each attacker does one attack after the other, from its own place in the list on,
/// until `is_over` of the number that it has done.
fn attack(
    server: &Server,
    attacks: &[Attack],
    is_over: impl Fn(usize) -> bool + Sync,
) -> Seen {
    let made = AtomicUsize::new(0);
    let mut bystander = Connection::open(server.address().to_string(), HUNG).unwrap();
    let mut latencies = Vec::new();
    thread::scope(|scope| {
        let spawn = |number| {
            let mut attacker = Attacker::new(server.address(), number);
            let (made, is_over) = (&made, &is_over);
            let attack_on = move || {
                for mine in 0.. {
                    if is_over(mine) {
                        break;
                    }
                    let attack = attacks[(number + mine) % attacks.len()];
                    (attack.make)(&mut attacker);
                    made.fetch_add(1, Relaxed);
                }
            };
            thread::Builder::new()
                .spawn_scoped(scope, attack_on)
                .unwrap()
        };
        let attackers: Vec<_> = (0..ATTACKERS).map(spawn).collect();
        loop {
            latencies.push(ping(&mut bystander)); // once at least, however short it was
            if attackers.iter().all(ScopedJoinHandle::is_finished) {
                break;
            }
            thread::sleep(INTERVAL);
        }
    });
    let attacks = made.into_inner();
    Seen { attacks, latencies }
}

fn ping(bystander: &mut Connection) -> Duration {
    let start = Instant::now();
    let reply = bystander.request(&["PING"]).unwrap();
    assert_eq!(reply, Reply::Simple(b"PONG".to_vec()));
    start.elapsed()
}

fn newcomer_is_served(address: SocketAddr) {
    ping(&mut Connection::open(address.to_string(), HUNG).unwrap());
}

#[test]
fn no_attack_costs_the_bystander_a_reply() {
    let mut server = start();
    let seen = attack(&server, &ATTACKS, |made| made == 5);
    assert!(!seen.latencies.is_empty());
    newcomer_is_served(server.address());
    assert!(server.stop(HUNG).unwrap().success());
}

/// What the server has had in memory at most, in MiB.
fn peak(server: &Server) -> usize {
    fixture::memory_kib(server.pid(), "VmHWM") / 1024
}

fn print_row(name: &str, seen: Seen, server: &Server) {
    let mut latencies = seen.latencies;
    latencies.sort_unstable();
    let quantile = |part: usize| latencies[latencies.len() * part / 100].as_secs_f64();
    println!(
        "| {name} | {} | {} of {} | {:.2} ms | {:.1} ms | {} MiB |",
        seen.attacks,
        latencies.len(),
        latencies.len(),
        quantile(50) * 1e3,
        quantile(99) * 1e3,
        peak(server)
    );
}

/// `KIT_SECONDS` of each attack, then of all at once: 5 unless it is set.
#[test]
#[ignore = "a figure of docs/reliability.md"]
fn a_bystander_beside_each_attack_and_beside_all() {
    let seconds = env::var("KIT_SECONDS").map_or(5, |text| text.parse().unwrap());
    let only = env::var("KIT_ATTACK").unwrap_or_default();
    let row = |name: &str, attacks: &[Attack]| {
        if !name.contains(&only) {
            return;
        }
        let mut server = start();
        let end = Instant::now() + Duration::from_secs(seconds);
        let seen = attack(&server, attacks, |_| end <= Instant::now());
        newcomer_is_served(server.address());
        print_row(name, seen, &server);
        assert!(server.stop(HUNG).unwrap().success(), "{name}");
    };
    let nothing = Attack {
        name: "nothing",
        make: |_| thread::sleep(INTERVAL),
    };
    row(nothing.name, &[nothing]);
    for attack_alone in ATTACKS {
        row(attack_alone.name, &[attack_alone]);
    }
    row("all of them at once", &ATTACKS);
}
