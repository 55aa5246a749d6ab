//! One grading: every check on fresh servers, side by side, within a minute.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use thiserror::Error;

use crate::{
    check::{CHECKS, Check},
    commands::Commands,
    control::{self, Control},
    expectation::Expectation,
    likeness, probe,
    registry::Registry,
    report::{Entry, Report},
    sighting,
    subject::Subject,
    temporary::Temporary,
    verdict::Verdict,
    weights::Weights,
    workbench::{Shared, Workbench},
};

/// When no new wait begins; the last one may take ten seconds more.
const LASTS: Duration = Duration::from_secs(40);

/// Races may take no more of it, so that every check has its turn.
const MOST_RACES: Duration = Duration::from_secs(3);

/// How long a server may be looked at again once its checks have failed.
const LOOKING: Duration = Duration::from_secs(8);

/// What is judged, and by which checks.
#[derive(Clone, Debug)]
pub struct Grading {
    /// The server.
    pub subject: Subject,
    /// What it is to be.
    pub expectation: Expectation,
    /// What it knows of the protocol.
    pub commands: Commands,
    /// The names of the checks to run; all that apply if there is none.
    pub only: Vec<String>,
    /// What the checks are worth.
    pub weights: Weights,
    /// How long a check keeps the server's threads busy to see a race;
    /// [`RACES`](crate::RACES) is enough for every mistake that is known, and more finds
    /// narrower ones.
    pub races: Duration,
    /// The command that repeats one check, with `CHECK` where its name is due.
    pub repeat: String,
}

/// There is no server to judge: it does not start, or never answers even a lone client.
#[derive(Debug, Error)]
#[error("{}: {}", self.what(), self.0.why())]
pub struct NoServer(Control);

impl NoServer {
    fn what(&self) -> &'static str {
        match self.0 {
            Control::Blind => "no server can be judged here",
            _ if self.is_the_machines() => {
                "this machine had no time for the server: run the grader again"
            }
            _ => "no server to judge",
        }
    }

    /// Whether the machine failed, and not the server: then there is no grade.
    #[must_use]
    pub fn is_the_machines(&self) -> bool {
        self.0.is_the_machines()
    }
}

impl Grading {
    /// The report before any check has come to its end.
    #[must_use]
    pub fn unfinished(&self) -> Report {
        let entry = |check: &'static Check| Entry {
            name: check.name,
            title: check.title(self.expectation),
            points: self.weights.of(check),
            verdict: Verdict::Unfinished,
        };
        Report {
            server: self.subject.to_string(),
            expectation: self.expectation,
            repeat: self.repeat.clone(),
            summary: None,
            entries: self.checks().map(entry).collect(),
        }
    }

    /// Whether no check is left by what the server knows, is expected to be, and by
    /// `only`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.checks().next().is_none()
    }

    /// Runs the checks. Closing `registry` from another thread ends them early.
    ///
    /// # Errors
    ///
    /// [`NoServer`] when the server does not start, or never answers even a lone client.
    pub fn run(&self, registry: &Registry) -> Result<Report, NoServer> {
        let mut shared = Shared {
            subject: &self.subject,
            expectation: self.expectation,
            commands: &self.commands,
            registry,
            races: self.races.min(MOST_RACES),
            ends: Instant::now() + LASTS,
            in_service: AtomicUsize::new(0),
            one_at_a_time: None,
            is_cut_off: false,
            race: Mutex::default(),
            tight: None,
            temporary: Temporary::make(0o700).ok(),
        };
        let found = probe::look(&shared).map_err(NoServer)?;
        let mut report = self.unfinished();
        report.summary.clone_from(&found.summary);
        found.add_to(&mut shared);
        let jobs = report.entries.iter_mut().zip(self.checks());
        run_all(&shared, jobs.collect());
        shared.ends = shared.ends.max(Instant::now() + LOOKING);
        sighting::add(&shared, &mut report);
        if self.only.is_empty() {
            likeness::add_to(&mut report);
        }
        report.tell_how_many(shared.in_service.load(Ordering::Relaxed));
        Ok(report)
    }

    /// The report on a server that is none: every check failed, and says why.
    #[must_use]
    pub fn without_server(&self, why: &NoServer) -> Report {
        let mut report = self.unfinished();
        for entry in &mut report.entries {
            entry.verdict = match why.is_the_machines() {
                true => Verdict::Inconclusive {
                    reason: why.to_string(),
                },
                false => Verdict::Failed(why.0.as_failure()),
            };
        }
        report.summary = Some(why.to_string());
        report
    }

    fn checks(&self) -> impl Iterator<Item = &'static Check> {
        CHECKS.iter().filter(|check| {
            let named =
                self.only.is_empty() || self.only.iter().any(|name| name == check.name);
            named && check.applies(&self.commands, self.expectation)
        })
    }
}

type Job<'r> = (&'r mut Entry, &'static Check);

/// Side by side; what needs two clients in service comes after the check that counts
/// them, or after `idle`, which knows whether there can be two.
fn run_all(shared: &Shared<'_>, jobs: Vec<Job<'_>>) {
    let (after, mut first): (Vec<_>, Vec<_>) = jobs
        .into_iter()
        .partition(|(_, check)| check.needs_two_in_service);
    let named = |name| first.iter().position(|(_, check)| check.name == name);
    let counting = named("at-once").or_else(|| named("idle"));
    let counting = counting.map(|index| first.swap_remove(index));
    thread::scope(|scope| {
        let start = |job: Job<'_>| run_one(shared, job);
        for job in first {
            // Without a thread the entry stays unfinished, which is what it is.
            let _ = checking().spawn_scoped(scope, move || start(job));
        }
        if let Some(counting) = counting {
            run_one(shared, counting);
        }
        for job in after {
            let _ = checking().spawn_scoped(scope, move || start(job));
        }
    });
}

fn checking() -> thread::Builder {
    thread::Builder::new().name("check".to_owned())
}

fn run_one(shared: &Shared<'_>, (entry, check): Job<'_>) {
    entry.verdict = control::judge(check, &Workbench::new(shared));
}
