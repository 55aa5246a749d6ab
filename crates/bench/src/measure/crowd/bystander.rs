//! The bystander: a PING at fixed times, whatever the others do.

use std::{
    thread,
    time::{Duration, Instant},
};

use client::{Connection, Reply};

use crate::error::Error;

/// Between two PINGs.
const INTERVAL: Duration = Duration::from_millis(1);

/// One PING.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ping {
    /// When it was asked, or should have been: while a reply is late the next request
    /// cannot be sent, and its wait counts all the same.
    pub(crate) asked: Instant,
    /// From then to its reply.
    pub(crate) latency: Duration,
}

/// Sends a PING each millisecond until `done`, and one at least.
pub(crate) fn watch(
    connection: &mut Connection,
    done: impl Fn() -> bool,
) -> Result<Vec<Ping>, Error> {
    let mut pings = Vec::new();
    let mut due = Instant::now();
    loop {
        let early = due.saturating_duration_since(Instant::now());
        thread::sleep(early);
        // That a sleep ends late is the client's doing, not the server's.
        let asked = if early.is_zero() { due } else { Instant::now() };
        match connection.request(&["PING"])? {
            Reply::Simple(pong) if pong == b"PONG" => {}
            reply => return Err(Error::wrong_reply("the server", &["PING"], &reply)),
        }
        let latency = asked.elapsed();
        pings.push(Ping { asked, latency });
        due += INTERVAL;
        if done() {
            return Ok(pings);
        }
    }
}

/// Their latencies in seconds, sorted.
pub(crate) fn latencies<'a>(pings: impl IntoIterator<Item = &'a Ping>) -> Vec<f64> {
    let pings = pings.into_iter();
    let mut latencies: Vec<_> = pings.map(|ping| ping.latency.as_secs_f64()).collect();
    latencies.sort_by(f64::total_cmp);
    latencies
}
