//! Thousands of hostile connections, and one client among them that must notice nothing;
//! after them the server stands where it stood: memory, descriptors and threads.

use std::{
    fmt, fs,
    io::{ErrorKind, Write},
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

use crate::talking::{HUNG, THREADED, ask, connect, pong};
use launch::Server;
use rustix::net::sockopt;

/// How many attack at once.
const ATTACKERS: usize = 8;
const KIB: usize = 1024;

/// What a hostile client sends, and whether it leaves by a reset.
const ATTACKS: [(&[u8], bool); 10] = [
    (b"", false),
    (b"", true),
    (b"*1024\r\n$1048576\r\nx", true),
    (b"*3\r\n$4\r\nECHO", false),
    (b"ECHO \"half", true),
    (b"*x\r\n and more that nobody reads", false),
    (b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", false),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", true),
    (b"PING\r\nPING\r\nPING\r\n", true),
    (
        b"TIMED TIMED\r\nRUN rm\r\nINCRBY x y\r\nQUIT\r\nPING\r\n",
        false,
    ),
];

fn attack(server: &Server, number: usize) {
    let (bytes, resets) = ATTACKS[number % ATTACKS.len()];
    let mut stream = loop {
        match TcpStream::connect(server.address()) {
            Ok(stream) => break stream,
            // This machine has no free port for the moment.
            Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
                thread::yield_now()
            }
            Err(error) => panic!("attack {number}: {error}"),
        }
    };
    // The server may have ended it already.
    let _ = stream.write_all(bytes);
    if number.is_multiple_of(500) {
        let _ = stream.write_all(&[b'x'; 200 * KIB]);
    }
    if resets {
        sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).unwrap();
    }
}

/// Attacks so often, and counts the requests of a bystander that were answered meanwhile.
fn storm(server: &Server, attacks: usize) -> usize {
    let next = AtomicUsize::new(0);
    let attack_on = || {
        while let number = next.fetch_add(1, Relaxed)
            && number < attacks
        {
            attack(server, number);
        }
    };
    let mut bystander = connect(server);
    let mut answered = 0;
    thread::scope(|scope| {
        let attacker = |_| {
            thread::Builder::new()
                .spawn_scoped(scope, attack_on)
                .unwrap()
        };
        let attackers: Vec<_> = (0..ATTACKERS).map(attacker).collect();
        while !attackers.iter().all(ScopedJoinHandle::is_finished) {
            assert_eq!(ask(&mut bystander, "PING"), pong());
            answered += 1;
        }
    });
    answered
}

/// What the server holds; the memory is what is resident, in KiB.
#[derive(Clone, Copy, Debug)]
struct Holdings {
    memory: usize,
    descriptors: usize,
    threads: usize,
}

impl fmt::Display for Holdings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            memory,
            descriptors,
            threads,
        } = self;
        write!(
            out,
            "{memory} KiB, {descriptors} descriptors, {threads} threads"
        )
    }
}

fn holdings(server: &Server) -> Holdings {
    let process = format!("/proc/{}", server.pid());
    let count =
        |folder: &str| fs::read_dir(format!("{process}/{folder}")).unwrap().count();
    Holdings {
        memory: fixture::memory_kib(server.pid(), "VmRSS"),
        descriptors: count("fd"),
        threads: count("task"),
    }
}

/// What it holds for nobody. A server has all its threads once it has answered; its
/// client's goes within the looks.
fn idle(server: &Server) -> Holdings {
    assert_eq!(ask(&mut connect(server), "PING"), pong());
    let look = |_| {
        thread::sleep(Duration::from_millis(10));
        holdings(server)
    };
    let looks = (0..50).map(look);
    looks
        .min_by_key(|held| (held.threads, held.descriptors))
        .unwrap()
}

/// Waits until every client has left: a thread ends before the next client is accepted,
/// which may still have been in the backlog.
fn settled(server: &Server, idle: &Holdings) -> Holdings {
    let give_up_at = Instant::now() + HUNG;
    loop {
        let now = holdings(server);
        let is_idle = now.threads <= idle.threads && now.descriptors <= idle.descriptors;
        if is_idle || give_up_at < Instant::now() {
            return now;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn a_bystander_notices_nothing_of(attacks: usize) {
    let mut server = fixture::start(THREADED, &["--quiet"]);
    let idle = idle(&server);
    storm(&server, 2_000); // the first ones fill the allocator's pools
    let before = settled(&server, &idle);
    let answered = storm(&server, attacks);
    let after = settled(&server, &idle);

    assert!(answered > 0);
    assert_eq!(
        (after.descriptors, after.threads),
        (before.descriptors, before.threads)
    );
    let grown = after.memory.abs_diff(before.memory);
    assert!(grown <= 5 * KIB, "{before:?} became {after:?}");
    assert!(server.stop(HUNG).unwrap().success());
    println!(
        "{attacks} hostile connections: {answered} of {answered} requests of a bystander \
         answered meanwhile; before {before}, after {after}"
    );
}

#[test]
fn a_bystander_notices_nothing_of_a_storm() {
    a_bystander_notices_nothing_of(5_000);
}

#[test]
#[ignore = "a figure of docs/reliability.md"]
fn a_bystander_notices_nothing_of_a_hundred_thousand_hostile_connections() {
    a_bystander_notices_nothing_of(100_000);
}
