//! Clients that keep a processor busy: what two of them get done beside one.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use client::{Connection, Reply};

use crate::{
    bench::{Bench, settle},
    error::Error,
    finding::{Finding, Unit},
    peer::Peer,
    ratio,
    rounds::alternate,
    workload::Workload,
};

/// A few milliseconds of work, so that many fit into a run.
const REQUEST: [&str; 2] = ["PRIMES", "50000"];
const PATIENCE: Duration = Duration::from_secs(30);

/// Two clients beside one, on a thread each, and under Python's interpreter lock.
///
/// # Errors
///
/// An [`Error`] when a server does not start, or does not answer.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let threaded = Peer::kit("threaded-server", &["--quiet"]);
    let servers = bench.installed(&[threaded, Peer::python("threaded_server.py")]);
    let mut findings = Vec::new();
    for server in servers {
        let rates = alternate(&[2, 1], bench.rounds, |clients, _| {
            work(&server, *clients, bench)
        })?;
        let [two, one] = rates.as_slice() else {
            continue;
        };
        findings.push(Finding {
            workload: Workload::Primes,
            load: format!(
                "{} · a thread for each client, closed loop",
                REQUEST.join(" ")
            ),
            subject: format!("{}: 2 clients / 1 client", server.name()),
            unit: Unit::Ratio,
            rounds: ratio::paired(two, one),
        });
    }
    Ok(findings)
}

/// How many requests a second a fresh server answers to so many clients.
fn work(server: &Peer, clients: usize, bench: &Bench) -> Result<f64, Error> {
    bench.interrupt.check()?;
    let running = server.start()?;
    let address = running.address();
    let asked = |source| Error::Refused {
        what: "a thread",
        source,
    };
    let rates = thread::scope(|scope| {
        let client = move || keep_asking(server.name(), address, bench.run_time());
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, client);
        let threads: Vec<_> = (0..clients).map(spawn).collect();
        let mut rates = 0.0;
        for thread in threads {
            // A client that panicked has done nothing.
            rates += thread.map_err(asked)?.join().unwrap_or(Ok(0.0))?;
        }
        Ok(rates)
    });
    drop(running);
    settle();
    rates
}

/// One client: its requests a second until its own last reply, so that it does not count
/// against the server that a request was under way when the time was up.
fn keep_asking(server: &str, address: SocketAddr, time: Duration) -> Result<f64, Error> {
    let mut connection = Connection::open(address.to_string(), PATIENCE)?;
    let (start, mut answered) = (Instant::now(), 0_u32);
    loop {
        match connection.request(&REQUEST)? {
            Reply::Integer(_) => answered += 1,
            reply => return Err(Error::wrong_reply(server, &REQUEST, &reply)),
        }
        let took = start.elapsed();
        if took >= time {
            return Ok(f64::from(answered) / took.as_secs_f64());
        }
    }
}
