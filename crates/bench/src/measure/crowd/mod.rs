//! Thousands of sleeping clients and a bystander: what a thread for each of them costs.
//!
//! `play.rs` is one crowd, and finds how many clients this machine carries. `sleepers.rs`
//! has the clients that sleep. `bystander.rs` times a PING each millisecond; this file
//! computes its median and 99th percentile, among the sleepers and alone.

pub(crate) mod bystander;
mod play;
mod sleepers;

use std::time::Duration;

pub use self::play::{Outcome, most_clients, play, server};
use crate::{
    bench::Bench,
    error::Error,
    finding::{Finding, Unit},
    machine,
    ratio::quantile,
    workload::Workload,
};

/// How many sleep, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Clients that each send one SLEEP, all at once.
    pub sleepers: usize,
    /// Its duration.
    pub sleep: Duration,
    /// How long the bystander is measured before they come.
    pub idle: Duration,
}

/// 1,000 sleepers, 10,000, and the most that this machine allows.
///
/// # Errors
///
/// An [`Error`] when the server does not start, or a client gets no answer.
pub fn measure(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let most = most_clients()? - 1; // and the bystander
    let mut sizes = match bench.quick {
        true => vec![100],
        false => vec![1_000, 10_000],
    };
    sizes.retain(|size| *size < most);
    if !bench.quick {
        sizes.push(most);
    }
    let mut findings = Vec::new();
    for sleepers in sizes {
        let seconds = if bench.quick { 1 } else { 5 };
        let crowd = Crowd {
            sleepers,
            sleep: Duration::from_secs(seconds),
            idle: Duration::from_secs(seconds.min(2)),
        };
        eprintln!("bench: {sleepers} sleepers");
        let play = |_| play(server(sleepers + 1), crowd, &bench.interrupt);
        let rounds = (0..bench.rounds).map(play).collect::<Result<Vec<_>, _>>()?;
        findings.extend(describe(crowd, &rounds));
    }
    if machine::resident(std::process::id()).is_none() {
        eprintln!("bench: this system does not say what is resident; memory is left out");
    }
    Ok(findings)
}

/// What is reported: its subject, its unit, and its number from a run, where there is
/// one.
type Row = (&'static str, Unit, fn(Crowd, &Outcome) -> Option<f64>);

const ROWS: [Row; 6] = [
    (
        "slowest sleeper, request to answer / the sleep",
        Unit::Ratio,
        |crowd, outcome| Some(of_ideal(crowd, outcome.slowest)),
    ),
    (
        "first request to last answer / the sleep",
        Unit::Ratio,
        |crowd, outcome| Some(of_ideal(crowd, outcome.took)),
    ),
    (
        "bystander's p50 among them / alone",
        Unit::Ratio,
        |_, outcome| among_and_alone(outcome, 0.5),
    ),
    (
        "bystander's p99 among them / alone",
        Unit::Ratio,
        |_, outcome| among_and_alone(outcome, 0.99),
    ),
    (
        "sleepers without an answer",
        Unit::Count,
        |crowd, outcome| Some((crowd.sleepers - outcome.answered) as f64),
    ),
    (
        "resident for each connection",
        Unit::KibPerConnection,
        |crowd, outcome| Some(outcome.grown? as f64 / crowd.sleepers as f64),
    ),
];

fn of_ideal(crowd: Crowd, took: Duration) -> f64 {
    took.as_secs_f64() / crowd.sleep.as_secs_f64()
}

fn among_and_alone(outcome: &Outcome, share: f64) -> Option<f64> {
    Some(quantile(&outcome.among, share)? / quantile(&outcome.idle, share)?)
}

fn describe(crowd: Crowd, rounds: &[Outcome]) -> Vec<Finding> {
    let load = format!(
        "{} × SLEEP {}s and a PING each ms · one thread for each of the two",
        crowd.sleepers,
        crowd.sleep.as_secs()
    );
    let findings = ROWS.iter().map(|(subject, unit, number)| Finding {
        workload: Workload::Crowd,
        load: load.clone(),
        subject: (*subject).to_owned(),
        unit: *unit,
        rounds: rounds
            .iter()
            .filter_map(|outcome| number(crowd, outcome))
            .collect(),
    });
    findings
        .filter(|finding| !finding.rounds.is_empty())
        .collect()
}
