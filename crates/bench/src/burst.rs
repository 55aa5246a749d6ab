//! Connects as fast as one thread can: whether any waits for its SYN to be sent again.

use std::time::{Duration, Instant};

use client::Connection;

use crate::{
    bench::{Bench, settle},
    crowd::RETRIED,
    error::Error,
    finding::{Finding, Unit},
    peer::Peer,
    rounds::alternate,
    workload::Workload,
};

const CONNECTS: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(20);

/// How many of 1,000 connects took about a second or more. The single server accepts none
/// of them: its first client stays, so that the backlog alone has to hold them.
///
/// # Errors
///
/// An [`Error`] when a server does not start, or a connect fails.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let servers = ["threaded-server", "single-server"]
        .map(|server| Peer::kit(server, &["--quiet", "--max-clients", "2000"]));
    let counts = alternate(&servers, bench.rounds, |server, _| burst(server, bench))?;
    let finding = |(server, rounds): (&Peer, Vec<f64>)| Finding {
        workload: Workload::Burst,
        load: format!("{CONNECTS} connects in a row · one thread"),
        subject: format!("{}: connects of a second or more", server.name()),
        unit: Unit::Count,
        rounds,
    };
    Ok(servers.iter().zip(counts).map(finding).collect())
}

fn burst(server: &Peer, bench: &Bench) -> Result<f64, Error> {
    bench.interrupt.check()?;
    let running = server.start()?;
    let address = running.address().to_string();
    let mut holder = Connection::open(&address, PATIENCE)?;
    holder.request(&["PING"])?;
    let mut open = Vec::with_capacity(CONNECTS);
    let mut retried = 0_u32;
    for _ in 0..CONNECTS {
        let start = Instant::now();
        open.push(Connection::open(&address, PATIENCE)?);
        retried += u32::from(start.elapsed() >= RETRIED);
    }
    drop(running);
    settle();
    Ok(f64::from(retried))
}
