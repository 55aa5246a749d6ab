//! Which of the kit's faulty servers looks the same: it fails the same checks, and its
//! threads do the same while a client waits.
//!
//! `likeness/fingerprints.tsv` holds what the faulty servers look like.
//! `scripts/fingerprints.sh` writes it by judging them; nobody writes it by hand.

use std::collections::BTreeSet;

use crate::{expectation::Expectation, report::Report, verdict::Verdict};

const FINGERPRINTS: &str = include_str!("fingerprints.tsv");

/// What a server looks like in a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// The checks that failed.
    failed: BTreeSet<String>,
    /// What was seen of it while A was idle, and while A was being served.
    idle: Option<String>,
    slow: Option<String>,
}

impl Fingerprint {
    /// What the server of a report looks like; `None` where no check failed.
    #[must_use]
    pub fn of(report: &Report) -> Option<Self> {
        let failed = |name: &str| {
            let mut entries = report.entries.iter();
            entries.find_map(|entry| match &entry.verdict {
                Verdict::Failed(failure) if entry.name == name => Some(failure),
                _ => None,
            })
        };
        let print = |name| Some(failed(name)?.seen.as_ref()?.print.clone());
        let names = report.entries.iter().map(|entry| entry.name);
        let names = names.filter(|name| failed(name).is_some());
        let fingerprint = Self {
            failed: names.map(str::to_owned).collect(),
            idle: print("idle"),
            slow: print("slow"),
        };
        (!fingerprint.failed.is_empty()).then_some(fingerprint)
    }

    /// Reads what `to_string` wrote.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('\t');
        let failed = parts.next()?.split(',').map(str::to_owned).collect();
        let print = |part: &str| (part != "-").then(|| part.to_owned());
        Some(Self {
            failed,
            idle: print(parts.next()?),
            slow: print(parts.next()?),
        })
    }

    /// Without the checks that did not come to an end in a report.
    fn within(mut self, report: &Report) -> Self {
        let is_judged = |name: &String| {
            report.entries.iter().any(|entry| {
                let verdict = &entry.verdict;
                entry.name == *name
                    && matches!(verdict, Verdict::Passed { .. } | Verdict::Failed(_))
            })
        };
        self.failed.retain(is_judged);
        if !self.failed.contains("idle") {
            self.idle = None;
        }
        if !self.failed.contains("slow") {
            self.slow = None;
        }
        self
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let failed: Vec<&str> = self.failed.iter().map(String::as_str).collect();
        let print =
            |print: &Option<String>| print.clone().unwrap_or_else(|| "-".to_owned());
        let (idle, slow) = (print(&self.idle), print(&self.slow));
        write!(formatter, "{}\t{idle}\t{slow}", failed.join(","))
    }
}

/// Adds to each failed check which faulty servers look the same. Adds nothing if none
/// does, if the server was not to be concurrent, or if only some checks were run.
pub(crate) fn add_to(report: &mut Report) {
    if report.expectation != Expectation::Concurrent {
        return;
    }
    let Some(own) = Fingerprint::of(report) else {
        return;
    };
    let mut alike: Vec<String> = Vec::new();
    for line in FINGERPRINTS.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, text)) = line.split_once('\t') else {
            continue;
        };
        let fits = Fingerprint::read(text).is_some_and(|one| one.within(report) == own);
        if fits && !alike.iter().any(|other| other == name) {
            alike.push(name.to_owned());
        }
    }
    for entry in &mut report.entries {
        if let Verdict::Failed(failure) = &mut entry.verdict {
            failure.like.clone_from(&alike);
        }
    }
}

/// The faulty servers that look the same, as a line of a report.
pub(crate) fn line(alike: &[String]) -> Option<String> {
    let (first, others) = alike.split_first()?;
    let first = format!("demos/faulty-servers/src/bin/{first}.rs");
    if others.is_empty() {
        return Some(first);
    }
    let others: Vec<String> = others.iter().map(|name| format!("{name}.rs")).collect();
    Some(format!("{first}   (looks the same: {})", others.join(", ")))
}
