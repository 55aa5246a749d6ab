//! The sleepers: all arrive, then all ask at once, then all are heard.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use client::{Connection, Reply};
use launch::Interrupt;

use super::Crowd;
use crate::{error::Error, machine};

/// For answers that come late.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of the sleepers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slept {
    pub(super) answered: usize,
    /// Before the first SLEEP was sent.
    pub(super) began: Instant,
    /// After the last SLEEP was sent.
    pub(super) all_asked: Instant,
    /// After the last answer was read.
    pub(super) ended: Instant,
    /// The longest time from a sleeper's request to its answer.
    pub(super) slowest: Duration,
    /// What the server had in memory while they slept, in KiB.
    pub(super) resident: Option<u64>,
}

/// Lets the sleepers sleep, and waits for all of them.
pub(super) fn play(
    address: SocketAddr,
    pid: u32,
    crowd: Crowd,
    interrupt: &Interrupt,
) -> Result<Slept, Error> {
    let request = format!("SLEEP {}ms\r\n", crowd.sleep.as_millis());
    let mut arrived = arrive(address, crowd.sleepers, interrupt)?;
    let mut sleepers = Vec::with_capacity(crowd.sleepers);
    let began = Instant::now();
    for mut sleeper in arrived.drain(..) {
        let asked = Instant::now();
        sleeper.send(request.as_bytes())?;
        sleepers.push((asked, sleeper));
    }
    let all_asked = Instant::now();
    interrupt.sleep_until(began + crowd.sleep.mul_f64(0.8))?;
    let resident = machine::resident(pid);
    interrupt.sleep_until(began + crowd.sleep)?;
    let deadline = all_asked + crowd.sleep + PATIENCE;
    let mut answered = 0;
    let mut slowest = Duration::ZERO;
    for (asked, sleeper) in &mut sleepers {
        let left = deadline.saturating_duration_since(Instant::now());
        sleeper.set_timeout(left.max(Duration::from_millis(1)));
        answered += usize::from(matches!(sleeper.receive(), Ok(ok) if ok == Reply::ok()));
        slowest = slowest.max(asked.elapsed());
    }
    Ok(Slept {
        answered,
        began,
        all_asked,
        ended: Instant::now(),
        slowest,
        resident,
    })
}

/// Connects them all. Each has a reply before the next comes, so that it has its thread:
/// what a burst of connects does is another question, see `burst.rs`.
fn arrive(
    address: SocketAddr,
    sleepers: usize,
    interrupt: &Interrupt,
) -> Result<Vec<Connection>, Error> {
    let address = address.to_string();
    let arrive = |_| {
        interrupt.check()?;
        let mut sleeper = Connection::open(&address, PATIENCE)?;
        match sleeper.request(&["PING"])? {
            Reply::Simple(_) => Ok(sleeper),
            reply => Err(Error::wrong_reply("the server", &["PING"], &reply)),
        }
    };
    (0..sleepers).map(arrive).collect()
}
