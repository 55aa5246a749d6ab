//! Which of the kit's faulty servers looks the same: it fails the same checks, the same
//! kind of thing is observed in each (`kind.rs`), and its threads do the same while a
//! client waits. `fingerprint.rs` is what is compared.
//!
//! `fingerprints.tsv` holds what the faulty servers look like.
//! `scripts/fingerprints.sh` writes it by judging them; nobody writes it by hand.

mod fingerprint;
mod kind;

pub use fingerprint::Fingerprint;

use crate::{expectation::Expectation, report::Report, verdict::Verdict};

const FINGERPRINTS: &str = include_str!("fingerprints.tsv");

/// Adds to each failed check which faulty servers look the same. Adds nothing if none
/// does, if the server was not to be concurrent, or if only some checks were run.
pub(crate) fn add_to(report: &mut Report) {
    if report.expectation != Expectation::Concurrent {
        return;
    }
    let Some(own) = Fingerprint::of(report) else {
        return;
    };
    let mut of_log = alike(&own, report);
    let mut of_others = of_log.clone();
    if of_log.is_empty()
        && let Some((log, others)) = own.without_its_log()
    {
        (of_log, of_others) = (alike(&log, report), alike(&others, report));
    }
    for entry in &mut report.entries {
        if let Verdict::Failed(failure) = &mut entry.verdict {
            let like = if entry.name == "log" {
                &of_log
            } else {
                &of_others
            };
            failure.like.clone_from(like);
        }
    }
}

/// The names of the faulty servers that look like this in the checks of a report.
fn alike(own: &Fingerprint, report: &Report) -> Vec<String> {
    let mut alike: Vec<String> = Vec::new();
    for line in FINGERPRINTS.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, text)) = line.split_once('\t') else {
            continue;
        };
        let fits = Fingerprint::read(text).is_some_and(|one| one.within(report) == *own);
        if fits && !alike.iter().any(|other| other == name) {
            alike.push(name.to_owned());
        }
    }
    alike
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

    /// What each failed check of a server is like, whose checks fail with these
    /// observations.
    fn likes(failed: &[(&str, &str)]) -> Vec<(&'static str, Vec<String>)> {
        let entry = |one: &crate::Check| Entry {
            name: one.name,
            title: String::new(),
            points: one.points,
            verdict: match failed.iter().find(|(name, _)| one.name == *name) {
                Some((_, observed)) => Verdict::Failed(Failure {
                    observed: (*observed).to_owned(),
                    ..Failure::default()
                }),
                None => Verdict::Passed {
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
        let entries = report.entries.into_iter();
        let like = |entry: Entry| match entry.verdict {
            Verdict::Failed(failure) => Some((entry.name, failure.like)),
            _ => None,
        };
        entries.filter_map(like).collect()
    }

    fn like(check: &str, observed: &str) -> Vec<String> {
        likes(&[(check, observed)]).remove(0).1
    }

    #[test]
    fn a_log_on_standard_error_does_not_hide_another_mistake() {
        let log = "no line of standard output holds q; a line of standard error does";
        let own = |name: &str| vec![name.to_owned()];
        assert_eq!(like("log", log), own("log-on-standard-error"));
        let both = likes(&[("at-once", "B had come too early"), ("log", log)]);
        let due = [
            ("at-once", own("five-of-six")),
            ("log", own("log-on-standard-error")),
        ];
        assert_eq!(both, due);
    }

    #[test]
    fn one_failed_check_is_like_another_only_if_the_same_kind_of_thing_was_seen() {
        let (after, slept) = (Duration::from_secs(3), true);
        let silence = Trouble::Silent {
            after,
            slept,
            begun: 0,
        };
        let closed = Trouble::Closed {
            mid_reply: false,
            was_reset: false,
        };
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
