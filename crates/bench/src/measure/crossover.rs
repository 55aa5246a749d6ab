//! From how much work in a request a thread for each client pays off beside one thread:
//! the same requests in a closed loop, with more and more work in each.

use std::time::Duration;

use client::{Connection, Reply};

use super::closed_loop;
use crate::{
    bench::Bench,
    contestant::Contestant,
    error::Error,
    finding::{Finding, Unit},
    ratio,
    rounds::alternate,
    workload::Workload,
};

/// Microseconds of work in a request, roughly.
const WORK: [u64; 8] = [0, 10, 25, 50, 100, 200, 350, 500];
const CLIENTS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a request is asked to find out how long it takes: the quickest counts.
const ASKED: usize = 20;

/// A server, and how it is asked for work: the number stands for `{}`.
struct Worker {
    contestant: Contestant,
    request: [&'static str; 3],
}

impl Worker {
    fn request(&self, number: u64) -> Vec<String> {
        let words = self.request.iter().filter(|word| !word.is_empty());
        words
            .map(|word| word.replace("{}", &number.to_string()))
            .collect()
    }
}

/// Threads beside an event loop and beside redis-server's Lua, for each amount of work.
///
/// # Errors
///
/// An [`Error`] when a server does not start, or does not answer.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let kit = |name| Worker {
        contestant: Contestant::kit(name, &["--quiet"]),
        request: ["PRIMES", "{}", ""],
    };
    let mut workers = vec![kit("threaded-server"), kit("event-server")];
    if !bench.installed(&[Contestant::Redis]).is_empty() {
        workers.push(Worker {
            contestant: Contestant::Redis,
            request: ["EVAL", "for i = 1, {} do end", "0"],
        });
    }
    let mut findings = Vec::new();
    for work in WORK {
        eprintln!("bench: {work} µs of work in a request");
        let requests = workers
            .iter()
            .map(|worker| sized(worker, work))
            .collect::<Result<Vec<_>, _>>()?;
        let contestants: Vec<_> = workers.iter().zip(requests).collect();
        let rates = alternate(&contestants, bench.rounds, |(worker, request), _| {
            let words: Vec<&str> = request.iter().map(String::as_str).collect();
            closed_loop::rate(&worker.contestant, &words, CLIENTS, bench)
        })?;
        let mut rates = rates.into_iter();
        let Some(threads) = rates.next() else {
            continue;
        };
        for (worker, beside) in workers.iter().skip(1).zip(rates) {
            findings.push(Finding {
                workload: Workload::Crossover,
                load: format!("{work} µs of work in a request · {CLIENTS} clients"),
                subject: format!("threaded-server / {}", worker.contestant.name()),
                unit: Unit::Ratio,
                rounds: ratio::paired(&threads, &beside),
            });
        }
    }
    Ok(findings)
}

/// The request that takes `micros` microseconds longer than one without work.
fn sized(worker: &Worker, micros: u64) -> Result<Vec<String>, Error> {
    let running = worker.contestant.start()?;
    let mut connection = Connection::open(running.address().to_string(), PATIENCE)?;
    let wanted = Duration::from_micros(micros);
    let nothing = quickest(worker, &mut connection, 0)?;
    let (mut low, mut high) = (0, 1_000);
    while quickest(worker, &mut connection, high)? < nothing + wanted {
        (low, high) = (high, 2 * high);
    }
    // A twentieth is near enough.
    while micros > 0 && high - low > high / 20 {
        let middle = low.midpoint(high);
        match quickest(worker, &mut connection, middle)? < nothing + wanted {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(worker.request(if micros == 0 { 0 } else { high }))
}

fn quickest(
    worker: &Worker,
    connection: &mut Connection,
    number: u64,
) -> Result<Duration, Error> {
    let request = worker.request(number);
    let words: Vec<&str> = request.iter().map(String::as_str).collect();
    let mut quickest = PATIENCE;
    for _ in 0..ASKED {
        let asked = std::time::Instant::now();
        let reply = connection.request(&words)?;
        quickest = quickest.min(asked.elapsed());
        if matches!(reply, Reply::Error(_)) {
            return Err(Error::wrong_reply(worker.contestant.name(), &words, &reply));
        }
    }
    Ok(quickest)
}
