//! One grading: every check on fresh servers, side by side, within a minute.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use thiserror::Error;

use crate::{
    check::{CHECKS, Check},
    commands::Commands,
    control,
    expectation::Expectation,
    lab::{Lab, Shared},
    registry::Registry,
    report::{Entry, Report},
    subject::Subject,
    verdict::Verdict,
};

/// When no new wait begins; the last one may take ten seconds more.
const LASTS: Duration = Duration::from_secs(45);
/// How often a server may fail to answer a lone client before there is nothing to judge.
const TRIES: u32 = 3;

/// What is judged, and by which checks.
#[derive(Clone, Debug)]
pub struct Grading {
    /// The server.
    pub subject: Subject,
    /// What it is to be.
    pub expectation: Expectation,
    /// What it knows of the protocol.
    pub commands: Commands,
    /// The names of the checks to hold; all that apply if there is none.
    pub only: Vec<String>,
    /// The command that repeats one check, with `CHECK` where its name is due.
    pub repeat: String,
}

/// There is no server to judge: it does not start, or never answers even a lone client.
#[derive(Debug, Error)]
#[error("no server to judge: {0}")]
pub struct NoServer(String);

impl Grading {
    /// The report before any check has come to its end.
    #[must_use]
    pub fn unfinished(&self) -> Report {
        let entry = |check: &&'static Check| Entry {
            name: check.name,
            title: check.title(self.expectation),
            points: check.points,
            verdict: Verdict::Unfinished,
            server: Vec::new(),
        };
        Report {
            server: self.subject.to_string(),
            expectation: self.expectation,
            repeat: self.repeat.clone(),
            entries: self.checks().iter().map(entry).collect(),
        }
    }

    /// Holds the checks. Closing `registry` from another thread ends them early.
    ///
    /// # Errors
    ///
    /// [`NoServer`] when the server does not start, or never answers even a lone client.
    pub fn run(&self, registry: &Registry) -> Result<Report, NoServer> {
        let shared = Shared {
            subject: &self.subject,
            expectation: self.expectation,
            commands: &self.commands,
            registry,
            ends: Instant::now() + LASTS,
            in_service: AtomicUsize::new(0),
        };
        find_a_server(&shared)?;
        let mut report = self.unfinished();
        // What needs two in service comes after the check that counts them, on its thread.
        let (after, mut groups): (Vec<_>, Vec<_>) = report
            .entries
            .iter_mut()
            .zip(self.checks())
            .partition(|(_, check)| check.needs_two_in_service);
        let counting = groups.iter().position(|(_, check)| check.name == "at-once");
        let counting = counting.map(|index| groups.swap_remove(index));
        let chain: Vec<_> = counting.into_iter().chain(after).collect();
        let groups = groups.into_iter().map(|job| vec![job]).chain([chain]);
        side_by_side(&shared, groups.collect());
        report.tell_how_many(shared.in_service.load(Ordering::Relaxed));
        Ok(report)
    }

    /// The report on a server that is none: nothing held, and the contract says why.
    #[must_use]
    pub fn without_server(&self, why: &NoServer) -> Report {
        let mut report = self.unfinished();
        for entry in &mut report.entries {
            entry.verdict = Verdict::Skipped {
                reason: why.to_string(),
            };
        }
        report
    }

    fn checks(&self) -> Vec<&'static Check> {
        let wanted = |check: &&Check| {
            let named =
                self.only.is_empty() || self.only.iter().any(|name| name == check.name);
            named && check.applies(&self.commands, self.expectation)
        };
        CHECKS.iter().filter(wanted).collect()
    }
}

type Job<'r> = (&'r mut Entry, &'static Check);

fn side_by_side(shared: &Shared<'_>, groups: Vec<Vec<Job<'_>>>) {
    thread::scope(|scope| {
        for group in groups {
            let work = move || group.into_iter().for_each(|job| hold(shared, job));
            let name = thread::Builder::new().name("check".to_owned());
            // Without a thread the entries stay unfinished, which is what they are.
            let _ = name.spawn_scoped(scope, work);
        }
    });
}

fn hold(shared: &Shared<'_>, (entry, check): Job<'_>) {
    let lab = Lab::new(shared);
    entry.verdict = control::judge(check, &lab);
    entry.server = lab.take_output();
}

fn find_a_server(shared: &Shared<'_>) -> Result<(), NoServer> {
    let mut last = Ok(());
    for _ in 0..TRIES {
        last = control::lone_client(&Lab::new(shared));
        if last.is_ok() {
            break;
        }
    }
    last.map_err(NoServer)
}
