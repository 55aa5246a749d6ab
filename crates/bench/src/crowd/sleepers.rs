//! The sleepers: each connects and asks at once, then all are heard.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use client::{Connection, Reply};

use super::Crowd;
use crate::{error::Error, interrupt::Interrupt, machine};

/// Linux sends a SYN again after a second; on one machine a connect takes that long only then.
pub(crate) const RETRIED: Duration = Duration::from_millis(900);
/// For a connect that is tried again, and for answers that come late.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of the sleepers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slept {
    pub(super) answered: usize,
    pub(super) retried: usize,
    /// Before the first connect.
    pub(super) began: Instant,
    /// After the last request was sent.
    pub(super) all_asked: Instant,
    /// After the last answer was read.
    pub(super) ended: Instant,
    /// The longest time from a sleeper's own connect to its answer.
    pub(super) slowest: Duration,
    /// What the server had in memory while they slept, in KiB.
    pub(super) resident: Option<u64>,
}

/// Lets the sleepers come and waits for all of them.
pub(super) fn play(
    address: SocketAddr,
    pid: u32,
    crowd: Crowd,
    interrupt: &Interrupt,
) -> Result<Slept, Error> {
    let address = address.to_string();
    let request = format!("SLEEP {}ms\r\n", crowd.sleep.as_millis());
    let mut sleepers = Vec::with_capacity(crowd.sleepers);
    let mut retried = 0;
    let began = Instant::now();
    for _ in 0..crowd.sleepers {
        let start = Instant::now();
        let mut sleeper = Connection::open(&address, PATIENCE)?;
        retried += usize::from(start.elapsed() >= RETRIED);
        sleeper.send(request.as_bytes())?;
        sleepers.push((start, sleeper));
    }
    let all_asked = Instant::now();
    interrupt.sleep_until(began + crowd.sleep.mul_f64(0.8))?;
    let resident = machine::resident(pid);
    interrupt.sleep_until(began + crowd.sleep)?;
    let deadline = all_asked + crowd.sleep + PATIENCE;
    let mut answered = 0;
    let mut slowest = Duration::ZERO;
    for (start, sleeper) in &mut sleepers {
        let left = deadline.saturating_duration_since(Instant::now());
        sleeper.set_timeout(left.max(Duration::from_millis(1)));
        answered += usize::from(matches!(sleeper.receive(), Ok(ok) if ok == Reply::ok()));
        slowest = slowest.max(start.elapsed());
    }
    Ok(Slept {
        answered,
        retried,
        began,
        all_asked,
        ended: Instant::now(),
        slowest,
        resident,
    })
}
