//! The designs beside redis-server: PINGs, connections, memory, and a bystander beside
//! clients that compute.

use std::{
    thread,
    time::{Duration, Instant},
};

use client::Connection;

use super::{closed_loop, crowd::bystander, rates::Contest};
use crate::{
    bench::{Bench, settle},
    contestant::Contestant,
    error::Error,
    finding::{Finding, Unit},
    machine,
    ratio::quantile,
    redis_benchmark::Load,
    rounds::alternate,
    workload::Workload,
};

/// A few milliseconds of work.
const COMPUTE: [&str; 2] = ["PRIMES", "50000"];
const COMPUTING: usize = 4;
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything that is measured of the designs.
///
/// # Errors
///
/// An [`Error`] when a server or the load generator fails.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let mut findings = pings(bench)?;
    findings.extend(memory(bench)?);
    findings.extend(bystanders(bench)?);
    Ok(findings)
}

fn pool(workers: &str) -> Contestant {
    Contestant::kit("pool-server", &["--quiet", "--workers", workers])
        .called(&format!("pool of {workers}"))
}

fn event_loop() -> Contestant {
    Contestant::kit("event-server", &["--quiet", "--max-clients", "20000"])
}

fn threads() -> Contestant {
    Contestant::kit("threaded-server", &["--quiet", "--max-clients", "20000"])
}

fn pings(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let beside = |contestant: Contestant| (contestant, Contestant::Redis);
    let mut findings = Vec::new();
    for pipeline in [1, 16] {
        findings.extend(bench.compare(&Contest {
            workload: Workload::Designs,
            load: Load::new(50, pipeline, 1),
            pairs: &[beside(event_loop()), beside(threads()), beside(pool("50"))],
        })?);
    }
    findings.extend(bench.compare(&Contest {
        workload: Workload::Designs,
        load: Load::new(50, 1, 1).reconnecting(),
        pairs: &[beside(pool("4")), beside(threads()), beside(event_loop())],
    })?);
    Ok(findings)
}

/// What a connection costs that is open and idle.
fn memory(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let wanted = if bench.quick { 1_000 } else { 10_000 };
    let idle = wanted.min(machine::descriptors());
    let contestants = bench.installed(&[threads(), event_loop(), Contestant::Redis]);
    let grown = alternate(&contestants, bench.rounds, |contestant, _| {
        resident(contestant, idle, bench)
    })?;
    let finding = |(contestant, rounds): (&Contestant, Vec<Option<f64>>)| Finding {
        workload: Workload::Designs,
        load: format!("{idle} idle connections"),
        subject: format!("{}: resident for each", contestant.name()),
        unit: Unit::KibPerConnection,
        rounds: rounds.into_iter().flatten().collect(),
    };
    Ok(contestants.iter().zip(grown).map(finding).collect())
}

fn resident(
    contestant: &Contestant,
    idle: usize,
    bench: &Bench,
) -> Result<Option<f64>, Error> {
    bench.interrupt.check()?;
    let running = contestant.start()?;
    let before = machine::resident(running.pid());
    let address = running.address().to_string();
    let mut clients = Vec::with_capacity(idle);
    for _ in 0..idle {
        let mut client = Connection::open(&address, PATIENCE)?;
        client.request(&["PING"])?; // it has been accepted
        clients.push(client);
    }
    let grown = machine::resident(running.pid())
        .zip(before)
        .map(|(with, before)| with.saturating_sub(before) as f64 / idle as f64);
    drop(running);
    settle();
    Ok(grown)
}

/// How late a PING each millisecond is answered beside clients that compute. A pool of
/// four would have no worker left for it.
fn bystanders(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let contestants = [threads(), pool("8"), event_loop()];
    let late = alternate(&contestants, bench.rounds, |contestant, _| {
        bystander(contestant, bench)
    })?;
    let finding = |(contestant, rounds): (&Contestant, Vec<f64>)| Finding {
        workload: Workload::Designs,
        load: format!(
            "{COMPUTING} × {} in a closed loop, and a PING each ms",
            COMPUTE.join(" ")
        ),
        subject: format!("{}: bystander's 99th percentile", contestant.name()),
        unit: Unit::Milliseconds,
        rounds,
    };
    Ok(contestants.iter().zip(late).map(finding).collect())
}

fn bystander(contestant: &Contestant, bench: &Bench) -> Result<f64, Error> {
    bench.interrupt.check()?;
    let running = contestant.start()?;
    let address = running.address();
    let mut observer = Connection::open(address.to_string(), PATIENCE)?;
    let refused = |source| Error::Refused {
        what: "a thread",
        source,
    };
    let pings = thread::scope(|scope| {
        let compute = move || {
            closed_loop::keep_asking(
                contestant.name(),
                &COMPUTE,
                address,
                bench.run_time(),
            )
        };
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, compute);
        let computing: Vec<_> = (0..COMPUTING).map(spawn).collect();
        let end = Instant::now() + bench.run_time();
        let pings = bystander::watch(&mut observer, || end <= Instant::now());
        for thread in computing {
            // A client that panicked has done nothing.
            thread.map_err(refused)?.join().unwrap_or(Ok(0.0))?;
        }
        pings
    })?;
    drop(running);
    settle();
    let latencies = bystander::latencies(&pings);
    Ok(quantile(&latencies, 0.99).unwrap_or_default() * 1e3)
}
