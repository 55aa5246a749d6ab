//! What limits a server: the processor time and the context switches that a request
//! costs, in the server and in the load generator, and what both cores could answer at
//! that price.

use std::{process, thread};

use launch::find_in_path;

use super::{cpu_time::Counted, rates::dithered};
use crate::{
    bench::{Bench, settle},
    contestant::Contestant,
    error::Error,
    finding::{Finding, Unit},
    redis_benchmark::Load,
    rounds::alternate,
    workload::Workload,
};

/// What one run came to, for each request.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Seconds that passed.
    elapsed: f64,
    /// Seconds of processor time in the server.
    server: f64,
    /// Seconds of processor time in the load generator.
    generator: f64,
    /// Context switches, wherever in the machine.
    switches: f64,
}

/// PING beside redis-server: what a request costs whom.
///
/// # Errors
///
/// An [`Error`] when a server or the load generator fails.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    if find_in_path("redis-benchmark").is_none() || Counted::read(process::id()).is_none()
    {
        eprintln!("bench: limits needs redis-benchmark and Linux's /proc, left out");
        return Ok(Vec::new());
    }
    let contestants = bench.installed(&[
        Contestant::kit("threaded-server", &["--quiet"]),
        Contestant::Redis,
    ]);
    let [ours, redis] = contestants.as_slice() else {
        return Ok(Vec::new());
    };
    let mut findings = Vec::new();
    for (clients, pipeline, threads) in [(1, 1, 1), (50, 1, 1), (50, 1, 2), (50, 16, 2)] {
        let load = Load::new(clients, pipeline, threads);
        eprintln!("bench: {load}");
        let sizes = [bench.calibrate(ours, load)?, bench.calibrate(redis, load)?];
        let contestants = [(ours, sizes[0]), (redis, sizes[1])];
        let costs =
            alternate(&contestants, bench.rounds, |(contestant, size), round| {
                cost(
                    bench,
                    contestant,
                    load,
                    dithered(*size, round, bench.rounds),
                )
            })?;
        if let [ours, redis] = costs.as_slice() {
            findings.extend(findings_of(load, ours, redis));
        }
    }
    Ok(findings)
}

fn cost(
    bench: &Bench,
    contestant: &Contestant,
    load: Load,
    requests: u64,
) -> Result<Cost, Error> {
    bench.interrupt.check()?;
    let server = contestant.start()?;
    let counted = || {
        Counted::read(server.pid())
            .ok_or_else(|| Error::Ended(contestant.name().to_owned()))
    };
    let before = counted()?;
    let rate = bench.send(load, &server, requests)?;
    let after = counted()?;
    drop(server);
    settle();
    let each = |total: f64| total / requests as f64;
    Ok(Cost {
        elapsed: rate.recip(),
        server: each(after.server - before.server),
        generator: each(after.ended - before.ended),
        switches: each(after.switches - before.switches),
    })
}

/// What is reported: its subject, its unit, and its number from a run of each server
/// and the number of cores.
type Row = (&'static str, Unit, fn(&Cost, &Cost, f64) -> f64);

const ROWS: [Row; 7] = [
    (
        "processor time in the server: threaded-server / redis-server",
        Unit::Ratio,
        |ours, redis, _| ours.server / redis.server,
    ),
    (
        "processor time in the load generator: the same",
        Unit::Ratio,
        |ours, redis, _| ours.generator / redis.generator,
    ),
    (
        "context switches a request, threaded-server",
        Unit::PerRequest,
        |ours, _, _| ours.switches,
    ),
    (
        "context switches a request, redis-server",
        Unit::PerRequest,
        |_, redis, _| redis.switches,
    ),
    (
        "all cores busy at threaded-server's price / redis-server",
        Unit::Ratio,
        |ours, redis, cores| all_busy(redis, cores, ours.server + ours.generator),
    ),
    (
        "all cores busy at redis-server's price / redis-server",
        Unit::Ratio,
        |_, redis, cores| all_busy(redis, cores, redis.server + redis.generator),
    ),
    (
        "all cores busy, the server for nothing / redis-server",
        Unit::Ratio,
        |_, redis, cores| all_busy(redis, cores, redis.generator),
    ),
];

/// How many times as fast as redis-server a server would be if a request costs it
/// `seconds`, and all cores do nothing else.
fn all_busy(redis: &Cost, cores: f64, seconds: f64) -> f64 {
    redis.elapsed * cores / seconds
}

fn findings_of(load: Load, ours: &[Cost], redis: &[Cost]) -> Vec<Finding> {
    let cores = thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
    let pairs = || ours.iter().zip(redis);
    ROWS.iter()
        .map(|(subject, unit, number)| Finding {
            workload: Workload::Limits,
            load: load.to_string(),
            subject: (*subject).to_owned(),
            unit: *unit,
            rounds: pairs().map(|(o, r)| number(o, r, cores)).collect(),
        })
        .collect()
}
