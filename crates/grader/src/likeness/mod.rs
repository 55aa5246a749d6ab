//! Which of the kit's faulty servers looks the same: it fails the same checks, the same
//! kind of thing is observed in each (`kind.rs`), and its threads do the same while a
//! client waits.
//!
//! `fingerprints.tsv` holds what the faulty servers look like.
//! `scripts/fingerprints.sh` writes it by judging them; nobody writes it by hand.

mod kind;

use std::collections::BTreeMap;

use crate::{expectation::Expectation, report::Report, verdict::Verdict};
use kind::kind;

const FINGERPRINTS: &str = include_str!("fingerprints.tsv");

/// What a server looks like in a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// The checks that failed, and the kind of what was observed in each.
    failed: BTreeMap<String, String>,
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
        let kinds = names.filter_map(|name| Some((name, kind(&failed(name)?.observed))));
        let fingerprint = Self {
            failed: kinds
                .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
                .collect(),
            idle: print("idle"),
            slow: print("slow"),
        };
        (!fingerprint.failed.is_empty()).then_some(fingerprint)
    }

    /// Reads what `to_string` wrote.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('\t');
        let failed = parts.next()?.split(',').map(|check| {
            let (name, kind) = check.split_once('=')?;
            Some((name.to_owned(), kind.to_owned()))
        });
        let failed = failed.collect::<Option<_>>()?;
        let print = |part: &str| (part != "-").then(|| part.to_owned());
        Some(Self {
            failed,
            idle: print(parts.next()?),
            slow: print(parts.next()?),
        })
    }

    /// Without the checks that did not come to an end in a report.
    fn within(mut self, report: &Report) -> Self {
        let is_judged = |name: &String, _: &mut String| {
            report.entries.iter().any(|entry| {
                let verdict = &entry.verdict;
                entry.name == *name
                    && matches!(verdict, Verdict::Passed { .. } | Verdict::Failed(_))
            })
        };
        self.failed.retain(is_judged);
        if !self.failed.contains_key("idle") {
            self.idle = None;
        }
        if !self.failed.contains_key("slow") {
            self.slow = None;
        }
        self
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let failed = self
            .failed
            .iter()
            .map(|(name, kind)| format!("{name}={kind}"));
        let failed: Vec<String> = failed.collect();
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
    Some(format!("{first}, or {}", others.join(", or ")))
}

#[cfg(test)]
mod tests {
    use super::add_to;
    use crate::{
        CHECKS, Entry, Expectation, Failure, Report, Verdict, test_client::Trouble,
    };
    use std::time::Duration;

    /// What a server is like of whose checks this one fails, with this observation.
    fn like(check: &str, observed: &str) -> Vec<String> {
        let entry = |one: &crate::Check| Entry {
            name: one.name,
            title: String::new(),
            points: one.points,
            verdict: match one.name == check {
                true => Verdict::Failed(Failure {
                    observed: observed.to_owned(),
                    ..Failure::default()
                }),
                false => Verdict::Passed {
                    note: String::new(),
                },
            },
        };
        let mut report = Report {
            server: String::new(),
            expectation: Expectation::Concurrent,
            repeat: String::new(),
            summary: None,
            entries: CHECKS.iter().map(entry).collect(),
        };
        add_to(&mut report);
        let mut entries = report.entries.into_iter();
        entries
            .find_map(|entry| match entry.verdict {
                Verdict::Failed(failure) => Some(failure.like),
                _ => None,
            })
            .unwrap()
    }

    #[test]
    fn one_failed_check_is_like_another_only_if_the_same_kind_of_thing_was_seen() {
        let (after, slept) = (Duration::from_secs(3), true);
        let silence = Trouble::Silent {
            after,
            slept,
            begun: 0,
        };
        let closed = Trouble::Closed { mid_reply: false };
        let too_many = "a client's first request got `-ERR too many` instead of `$1`";
        for (check, observed, due) in [
            ("answers", "`-ERR unknown command`", None),
            (
                "answers",
                "`-ERR unknown command`; the same command in capitals got its reply",
                Some("capitals-only"),
            ),
            ("answers", &format!("it {silence}"), None),
            ("answers", "`+qabcdefghi`", None),
            (
                "lost-update",
                &format!("an INCR {closed}"),
                Some("crash-in-a-burst"),
            ),
            ("lost-update", &format!("an INCR {silence}"), None),
            ("at-once", too_many, None),
        ] {
            let like = like(check, observed);
            assert_eq!(like, Vec::from_iter(due), "{check} {observed}");
        }
        let like = like("lost-update", "two clients got 7; the highest reply was 9");
        assert!(like.contains(&"read-then-write".to_owned()), "{like:?}");
    }
}
