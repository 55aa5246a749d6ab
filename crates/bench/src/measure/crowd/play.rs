//! One crowd, from the first client to the last answer.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use client::Connection;
use launch::{Interrupt, Launch, Server, Stream};

use super::{
    Crowd,
    bystander::{self, Ping, latencies},
    sleepers::{self, Slept},
};
use crate::{error::Error, machine};

/// For a bystander whom nobody answers any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of one crowd.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Sleepers that got their `+OK`.
    pub answered: usize,
    /// From the first SLEEP to the last answer.
    pub took: Duration,
    /// The longest time from a sleeper's request to its answer.
    pub slowest: Duration,
    /// The bystander's latencies in seconds before they came, sorted.
    pub idle: Vec<f64>,
    /// Those while all of them slept, sorted.
    pub among: Vec<f64>,
    /// By how many KiB the server's resident memory grew; Only on Linux.
    pub grown: Option<u64>,
}

/// A threaded server for this many clients.
#[must_use]
pub fn server(clients: usize) -> Launch {
    Launch::new("threaded-server")
        .args(["--quiet", "--listen", "127.0.0.1:0"])
        .args(["--max-clients", &clients.to_string()])
}

/// How many clients this machine carries: the server says to how many it lowers its
/// limit, and the bench has a limit on descriptors of its own.
///
/// # Errors
///
/// [`Error::Launch`] when the server does not start.
pub fn most_clients() -> Result<usize, Error> {
    const MORE_THAN_ANY: usize = 1_000_000;
    let server = server(MORE_THAN_ANY).start()?;
    let lowered = server.wait_for_line(Stream::Stderr, Duration::from_secs(1), |line| {
        line.contains(" is lowered to ")
    });
    let Some(line) = lowered else {
        return Ok(machine::descriptors());
    };
    eprintln!("bench: threaded-server says: {line}");
    let most = line.split_once(" is lowered to ").and_then(|(_, rest)| {
        let digits = rest.split(|character: char| !character.is_ascii_digit());
        digits.into_iter().next()?.parse().ok()
    });
    Ok(most.unwrap_or(usize::MAX).min(machine::descriptors()))
}

/// Lets a crowd come, sleep, and be answered, while a bystander watches.
///
/// # Errors
///
/// An [`Error`] when the server does not start, a client cannot connect, or the bystander
/// gets no answer.
pub fn play(
    launch: Launch,
    crowd: Crowd,
    interrupt: &Interrupt,
) -> Result<Outcome, Error> {
    interrupt.check()?;
    let server = launch.start()?;
    let mut observer = Connection::open(server.address().to_string(), PATIENCE)?;
    let end = Instant::now() + crowd.idle;
    let idle = bystander::watch(&mut observer, || end <= Instant::now())?;
    let before = machine::resident(server.pid());
    let (slept, pings) = watched(&server, &mut observer, crowd, interrupt)?;
    let all_sleep = slept.all_asked..slept.began + crowd.sleep;
    let among = pings.iter().filter(|ping| all_sleep.contains(&ping.asked));
    Ok(Outcome {
        answered: slept.answered,
        took: slept.ended - slept.began,
        slowest: slept.slowest,
        idle: latencies(&idle),
        among: latencies(among),
        grown: slept
            .resident
            .zip(before)
            .map(|(with, before)| with.saturating_sub(before)),
    })
}

fn watched(
    server: &Server,
    observer: &mut Connection,
    crowd: Crowd,
    interrupt: &Interrupt,
) -> Result<(Slept, Vec<Ping>), Error> {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watch = || bystander::watch(observer, || done.load(Relaxed));
        let spawned = thread::Builder::new().spawn_scoped(scope, watch);
        let bystander = spawned.map_err(|source| Error::Refused {
            what: "a thread",
            source,
        })?;
        let slept = sleepers::play(server.address(), server.pid(), crowd, interrupt);
        done.store(true, Relaxed);
        // One that panicked has seen nothing.
        let pings = bystander.join().unwrap_or_else(|_| Ok(Vec::new()))?;
        Ok((slept?, pings))
    })
}
