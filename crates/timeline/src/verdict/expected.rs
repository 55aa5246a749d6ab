//! What the scenario expects, held against the verdict.

use std::{collections::HashSet, fmt};

use super::{Verdict, names::Names};
use crate::record::ServerRun;

/// An expectation that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// On which server.
    pub server: String,
    /// Which expectation: its key in the scenario file.
    pub what: String,
    /// What the scenario says.
    pub expected: String,
    /// What the run showed.
    pub observed: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            server,
            what,
            expected,
            observed,
        } = self;
        write!(
            formatter,
            "{server}: {what}: expected {expected}, observed {observed}"
        )
    }
}

pub(super) fn failures(server: &ServerRun, verdict: &Verdict) -> Vec<Failure> {
    let Some(expect) = &server.expect else {
        return Vec::new();
    };
    let names = Names::of(server);
    let listed = |expected: &[String]| {
        let ids: Vec<&str> = expected.iter().map(String::as_str).collect();
        names.enumerated(&ids)
    };
    let mut failures = Vec::new();
    let mut check = |what: &str, expected: String, observed: String, holds: bool| {
        if !holds {
            let (server, what) = (server.name.clone(), what.to_owned());
            failures.push(Failure {
                server,
                what,
                expected,
                observed,
            });
        }
    };
    if let Some(expected) = &expect.blocked {
        let (observed, undecided) = (verdict.blocked(), verdict.undecided());
        let mut told = names.enumerated(&observed);
        if !undecided.is_empty() {
            told += &format!(" (and perhaps {})", names.enumerated(&undecided));
        }
        let holds = can_be(expected, &observed, &undecided);
        check("blocked", listed(expected), told, holds);
    }
    if let (Some(expected), Some(observed)) = (expect.in_service, verdict.in_service) {
        let holds = (observed.least..=observed.most).contains(&expected);
        check(
            "in_service",
            expected.to_string(),
            observed.to_string(),
            holds,
        );
    }
    for (client, expected) in &expect.replies {
        let observed = last_reply(server, client);
        let holds = matches(expected, &observed);
        check(
            &format!("replies.{client}"),
            expected.clone(),
            observed,
            holds,
        );
    }
    if let Some(expected) = expect.lost {
        let lost = verdict.lost.as_ref().map_or(0, |lost| lost.lost);
        let says = |lost| {
            if lost {
                "lost updates"
            } else {
                "no lost update"
            }
        };
        let observed = format!("{lost} lost");
        check(
            "lost",
            says(expected).to_owned(),
            observed,
            expected == (lost > 0),
        );
    }
    if let Some(expected) = expect.failed.as_deref().or(none_failed(expect)) {
        let observed = verdict.failed();
        check(
            "failed",
            listed(expected),
            names.enumerated(&observed),
            same(expected, &observed),
        );
    }
    failures
}

/// A run in which requests fail shows nothing, unless failing is what it shows.
fn none_failed(expect: &crate::record::Expectation) -> Option<&[String]> {
    let is_about_errors = expect.replies.values().any(|reply| reply.starts_with('-'));
    (!is_about_errors).then_some(&[])
}

fn last_reply(server: &ServerRun, client: &str) -> String {
    let connection = server.connections.iter().find(|one| one.client == client);
    let last = connection.and_then(|connection| connection.requests.last());
    last.and_then(|request| request.reply.clone().or_else(|| request.failure.clone()))
        .unwrap_or_else(|| "no reply".to_owned())
}

/// The whole line, or its first word.
fn matches(expected: &str, observed: &str) -> bool {
    observed == expected || observed.split(' ').next() == Some(expected)
}

/// Whether those that were seen, with some of those that are not decided, are the
/// expected.
fn can_be(expected: &[String], observed: &[&str], undecided: &[&str]) -> bool {
    let expected: HashSet<&str> = expected.iter().map(String::as_str).collect();
    let mut left: HashSet<&str> = expected.clone();
    for name in observed.iter().chain(undecided) {
        left.remove(name);
    }
    left.is_empty() && observed.iter().all(|name| expected.contains(name))
}

fn same(expected: &[String], observed: &[&str]) -> bool {
    let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let mut observed = observed.to_vec();
    expected.sort_unstable();
    observed.sort_unstable();
    expected == observed
}
