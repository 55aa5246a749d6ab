//! Clients that keep a processor busy: what two of them get done beside one.

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

/// A few milliseconds of work, so that many fit into a run.
const REQUEST: [&str; 2] = ["PRIMES", "50000"];

/// Two clients beside one, on a thread each, and under Python's interpreter lock.
///
/// # Errors
///
/// An [`Error`] when a server does not start, or does not answer.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let threaded = Contestant::kit("threaded-server", &["--quiet"]);
    let servers = bench.installed(&[threaded, Contestant::python("threaded_server.py")]);
    let mut findings = Vec::new();
    for server in servers {
        let rates = alternate(&[2, 1], bench.rounds, |clients, _| {
            closed_loop::rate(&server, &REQUEST, *clients, bench)
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
