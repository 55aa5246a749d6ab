//! Servers compared by how many PINGs each answers in the same time.

use std::collections::HashMap;

use launch::find_in_path;
use tempfile::TempDir;

use crate::{
    bench::{Bench, settle},
    contestant::Contestant,
    error::Error,
    finding::{Finding, Unit},
    ratio,
    redis_benchmark::Load,
    rounds::alternate,
    workload::Workload,
};

/// Requests of the first run, from which the others are sized.
const FIRST_RUN: u64 = 2_000;

/// With `--threads` redis-benchmark looks every 250 ms whether it is done: what is not
/// longer says nothing of the rate.
const STEP: f64 = 0.3;

/// Who is compared with whom: each pair is a line of the report.
pub(crate) struct Contest<'a> {
    pub(crate) workload: Workload,
    pub(crate) load: Load,
    pub(crate) pairs: &'a [(Contestant, Contestant)],
}

/// PING on open connections, from a load generator with `threads` threads.
///
/// # Errors
///
/// An [`Error`] when a server or the load generator fails.
pub fn ping(
    bench: &Bench,
    workload: Workload,
    threads: usize,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for (clients, pipeline) in [(1, 1), (50, 1), (50, 16), (200, 1)] {
        let mut pairs = threaded_pairs();
        if clients == 1 {
            pairs.extend(single_pairs());
        }
        findings.extend(bench.compare(&Contest {
            workload,
            load: Load::new(clients, pipeline, threads),
            pairs: &pairs,
        })?);
    }
    Ok(findings)
}

/// A connection for each PING.
///
/// # Errors
///
/// An [`Error`] when a server or the load generator fails.
pub fn reconnect(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for threads in [1, 2] {
        findings.extend(bench.compare(&Contest {
            workload: Workload::Reconnect,
            load: Load::new(50, 1, threads).reconnecting(),
            pairs: &[threaded_pairs(), single_pairs()].concat(),
        })?);
    }
    Ok(findings)
}

/// Replies written for each batch of requests that was read, and for each request. No
/// server of the kit has a switch for that: `pong-server` is one of twenty lines that
/// does.
///
/// # Errors
///
/// An [`Error`] when a server or the load generator fails.
pub fn flush(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let pair = ["batch", "request"].map(|each| {
        Contestant::kit("pong-server", &[each])
            .called(&format!("a write for each {each}"))
    });
    let [batch, request] = pair;
    let mut findings = Vec::new();
    for threads in [1, 2] {
        findings.extend(bench.compare(&Contest {
            workload: Workload::Flush,
            load: Load::new(50, 16, threads),
            pairs: &[(batch.clone(), request.clone())],
        })?);
    }
    Ok(findings)
}

/// The threaded server with its console lines and its request log.
///
/// # Errors
///
/// An [`Error`] when a server or the load generator fails.
pub fn lines(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let folder = TempDir::new().map_err(|source| Error::Refused {
        what: "a folder for the request log",
        source,
    })?;
    let log = folder.path().join("requests.jsonl");
    let log = log.to_string_lossy();
    let quiet = Contestant::kit("threaded-server", &["--quiet"]).called("--quiet");
    let pairs = [
        Contestant::kit("threaded-server", &[]).called("console lines"),
        Contestant::kit("threaded-server", &["--quiet", "--log", &log])
            .called("--quiet --log FILE"),
        Contestant::kit("threaded-server", &["--log", &log])
            .called("console lines, --log FILE"),
    ]
    .map(|loud| (loud, quiet.clone()));
    let mut findings = Vec::new();
    for (clients, pipeline) in [(1, 1), (50, 1), (50, 16)] {
        findings.extend(bench.compare(&Contest {
            workload: Workload::Lines,
            load: Load::new(clients, pipeline, 1),
            pairs: &pairs,
        })?);
    }
    Ok(findings)
}

fn threaded_pairs() -> Vec<(Contestant, Contestant)> {
    beside_redis_and("threaded-server", "threaded_server.py")
}

fn single_pairs() -> Vec<(Contestant, Contestant)> {
    beside_redis_and("single-server", "single_server.py")
}

fn beside_redis_and(ours: &str, script: &str) -> Vec<(Contestant, Contestant)> {
    let ours = Contestant::kit(ours, &["--quiet"]);
    vec![
        (ours.clone(), Contestant::Redis),
        (ours, Contestant::python(script)),
    ]
}

impl Bench {
    pub(crate) fn compare(&self, contest: &Contest<'_>) -> Result<Vec<Finding>, Error> {
        let Contest {
            workload,
            load,
            pairs,
        } = *contest;
        if find_in_path("redis-benchmark").is_none() {
            eprintln!("bench: redis-benchmark is not installed, {workload} is left out");
            return Ok(Vec::new());
        }
        eprintln!("bench: {load}");
        let contestants = self.installed(&everyone(pairs));
        let mut sizes = HashMap::new();
        for contestant in &contestants {
            sizes.insert(contestant.name(), self.calibrate(contestant, load)?);
        }
        let rates = alternate(&contestants, self.rounds, |contestant, round| {
            let size = sizes.get(contestant.name()).copied().unwrap_or(FIRST_RUN);
            self.rate(contestant, load, dithered(size, round, self.rounds))
        })?;
        let rates: HashMap<_, _> = contestants
            .iter()
            .map(Contestant::name)
            .zip(rates)
            .collect();
        let finding = |(subject, beside): &(Contestant, Contestant)| {
            Some(Finding {
                workload,
                load: load.to_string(),
                subject: format!("{} / {}", subject.name(), beside.name()),
                unit: Unit::Ratio,
                rounds: ratio::paired(
                    rates.get(subject.name())?,
                    rates.get(beside.name())?,
                ),
            })
        };
        Ok(pairs.iter().filter_map(finding).collect())
    }

    /// How many requests make a run of the right length, found by runs that get longer.
    pub(crate) fn calibrate(
        &self,
        contestant: &Contestant,
        load: Load,
    ) -> Result<u64, Error> {
        let wanted = self.load_time(load).as_secs_f64();
        let mut requests = FIRST_RUN;
        loop {
            let rate = self.rate(contestant, load, requests)?;
            let took = requests as f64 / rate;
            let size = (rate * wanted) as u64;
            if took >= (wanted / 4.0).max(STEP) || size <= requests {
                return Ok(size.max(FIRST_RUN));
            }
            requests = size;
        }
    }

    fn rate(
        &self,
        contestant: &Contestant,
        load: Load,
        requests: u64,
    ) -> Result<f64, Error> {
        self.interrupt.check()?;
        let server = contestant.start()?;
        let rate = self.send(load, &server, requests);
        drop(server);
        settle();
        rate
    }
}

/// Run lengths spread over the 250 ms in which redis-benchmark looks whether it is done:
/// all of one length would be rounded up alike, one server's by nothing and another's by
/// all.
pub(crate) fn dithered(requests: u64, round: usize, rounds: usize) -> u64 {
    let share = round as f64 / rounds as f64;
    (requests as f64 * (1.0 + share / 8.0)) as u64
}

fn everyone(pairs: &[(Contestant, Contestant)]) -> Vec<Contestant> {
    let mut contestants = Vec::new();
    for contestant in pairs.iter().flat_map(|(subject, beside)| [subject, beside]) {
        if !contestants.contains(contestant) {
            contestants.push(contestant.clone());
        }
    }
    contestants
}
