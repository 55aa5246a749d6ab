//! What the scenario expects, compared with the verdict.

use std::{collections::HashSet, fmt};

use super::{Verdict, names::Names};
use crate::record::{Expectation, ServerRun};

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

/// What was expected of a server and did not hold.
pub(crate) fn failures(server: &ServerRun, verdict: &Verdict) -> Vec<Failure> {
    let Some(expect) = &server.expect else {
        return Vec::new();
    };
    let mut comparison = Comparison {
        server,
        verdict,
        names: Names::of(server),
        failures: Vec::new(),
    };
    comparison.blocked(expect);
    comparison.in_service(expect);
    comparison.replies(expect);
    comparison.lost(expect);
    comparison.failed(expect);
    comparison.failures
}

/// What was expected of a server and could not be looked at.
pub(crate) fn unchecked(server: &ServerRun, verdict: &Verdict) -> Vec<String> {
    let Some(expect) = &server.expect else {
        return Vec::new();
    };
    let name = &server.name;
    let was_answered = verdict.last_reply_us.is_some();
    let mut sentences = Vec::new();
    if let Some(expected) = expect.in_service
        && verdict.in_service.is_none()
        && was_answered
    {
        sentences.push(format!(
            "{name}: in_service = {expected} was not checked, as the server does not \
             know TIMED."
        ));
    }
    if expect.lost == Some(false) && verdict.lost.is_none() && was_answered {
        sentences.push(format!(
            "{name}: lost = false was not checked, as no update was answered."
        ));
    }
    sentences
}

/// What is expected of a server, compared with its verdict key by key.
struct Comparison<'a> {
    server: &'a ServerRun,
    verdict: &'a Verdict,
    names: Names<'a>,
    failures: Vec<Failure>,
}

impl Comparison<'_> {
    fn check(&mut self, what: &str, expected: String, observed: String, holds: bool) {
        if !holds {
            self.failures.push(Failure {
                server: self.server.name.clone(),
                what: what.to_owned(),
                expected,
                observed,
            });
        }
    }

    fn listed(&self, expected: &[String]) -> String {
        let ids: Vec<&str> = expected.iter().map(String::as_str).collect();
        self.names.enumerated(&ids)
    }

    fn blocked(&mut self, expect: &Expectation) {
        let Some(expected) = &expect.blocked else {
            return;
        };
        let (observed, undecided) = (self.verdict.blocked(), self.verdict.undecided());
        let mut seen = self.names.enumerated(&observed);
        if !undecided.is_empty() {
            seen += &format!(" (and perhaps {})", self.names.enumerated(&undecided));
        }
        let holds = can_be(expected, &observed, &undecided);
        self.check("blocked", self.listed(expected), seen, holds);
    }

    fn in_service(&mut self, expect: &Expectation) {
        if let Some((expected, observed)) = expect.in_service.zip(self.verdict.in_service)
        {
            let holds = (observed.least..=observed.most).contains(&expected);
            let (expected, observed) = (expected.to_string(), observed.to_string());
            self.check("in_service", expected, observed, holds);
        }
    }

    fn replies(&mut self, expect: &Expectation) {
        for (client, expected) in &expect.replies {
            let observed = last_reply(self.server, client);
            let holds = matches(expected, &observed);
            let what = format!("replies.{client}");
            self.check(&what, expected.clone(), observed, holds);
        }
    }

    fn lost(&mut self, expect: &Expectation) {
        let Some(expected) = expect.lost else { return };
        let lost = self.verdict.lost.as_ref().map_or(0, |lost| lost.lost);
        let says = match expected {
            true => "lost updates",
            false => "no lost update",
        };
        let (observed, holds) = (format!("{lost} lost"), expected == (lost > 0));
        self.check("lost", says.to_owned(), observed, holds);
    }

    fn failed(&mut self, expect: &Expectation) {
        let Some(expected) = expect.failed.as_deref().or(none_failed(expect)) else {
            return;
        };
        let observed = self.verdict.failed();
        let holds = same(expected, &observed);
        let observed = self.names.enumerated(&observed);
        self.check("failed", self.listed(expected), observed, holds);
    }
}

/// A run in which requests fail shows nothing, unless failing is what it shows.
fn none_failed(expect: &Expectation) -> Option<&[String]> {
    let is_about_errors = expect.replies.values().any(|reply| reply.starts_with('-'));
    (!is_about_errors).then_some(&[])
}

fn last_reply(server: &ServerRun, client: &str) -> String {
    let connection = server.connections.iter().find(|one| one.client == client);
    let last = connection.and_then(|connection| connection.requests.last());
    last.and_then(|request| request.reply.clone().or_else(|| request.failure.clone()))
        .unwrap_or_else(|| "no reply".to_owned())
}

/// The words that it begins with, or all of it.
fn matches(expected: &str, observed: &str) -> bool {
    let rest = observed.strip_prefix(expected);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether the clients that were seen, with some of the undecided ones, are the expected
/// ones.
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
