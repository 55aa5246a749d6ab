//! Connects as fast as one thread can: whether any waits for its SYN to be sent again.

use std::time::{Duration, Instant};

use client::Connection;

use crate::{
    bench::{Bench, settle},
    contestant::Contestant,
    error::Error,
    finding::{Finding, Unit},
    rounds::alternate,
    workload::Workload,
};

/// The second is more than twice what Linux holds in a backlog (`net.core.somaxconn`).
const BURSTS: [usize; 2] = [1_000, 10_000];
/// Linux sends a SYN again after a second; on one machine a connect takes that long only
/// then.
const RETRIED: Duration = Duration::from_millis(900);
const PATIENCE: Duration = Duration::from_secs(20);

/// How many connects of a burst took about a second or more. The single server accepts
/// none of them: its first client stays, so that the backlog alone has to hold them, and
/// only the smaller burst is its.
///
/// # Errors
///
/// An [`Error`] when a server does not start, or a connect fails.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let server = |name| Contestant::kit(name, &["--quiet", "--max-clients", "15000"]);
    let [small, large] = BURSTS;
    let bursts = [
        (server("threaded-server"), small),
        (server("single-server"), small),
        (server("threaded-server"), large),
    ];
    let counts = alternate(&bursts, bench.rounds, |(server, connects), _| {
        burst(server, *connects, bench)
    })?;
    let finding =
        |((server, connects), rounds): (&(Contestant, usize), Vec<f64>)| Finding {
            workload: Workload::Burst,
            load: format!("{connects} connects in a row · one thread"),
            subject: format!("{}: connects of a second or more", server.name()),
            unit: Unit::Count,
            rounds,
        };
    Ok(bursts.iter().zip(counts).map(finding).collect())
}

fn burst(server: &Contestant, connects: usize, bench: &Bench) -> Result<f64, Error> {
    bench.interrupt.check()?;
    let running = server.start()?;
    let address = running.address().to_string();
    let mut holder = Connection::open(&address, PATIENCE)?;
    holder.request(&["PING"])?;
    let mut open = Vec::with_capacity(connects);
    let mut retried = 0_u32;
    for _ in 0..connects {
        let start = Instant::now();
        open.push(Connection::open(&address, PATIENCE)?);
        retried += u32::from(start.elapsed() >= RETRIED);
    }
    drop(running);
    settle();
    Ok(f64::from(retried))
}
