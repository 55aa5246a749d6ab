//! Our own format, for scripts: docs/grading.md describes it, and its `version` counts
//! changes.

use serde::Serialize;

use super::{Entry, Report};
use crate::verdict::Verdict;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    server: &'r str,
    expect: String,
    /// Whether `score` is a grade.
    conclusive: bool,
    score: u32,
    max_score: u32,
    /// One fault that explains many others.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'r str>,
    checks: Vec<CheckObject<'r>>,
}

#[derive(Serialize)]
struct CheckObject<'r> {
    name: &'r str,
    title: &'r str,
    verdict: &'r str,
    score: u32,
    max_score: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureObject<'r>>,
}

#[derive(Serialize)]
struct FailureObject<'r> {
    server: &'r str,
    /// The last lines that the server printed.
    printed: Vec<String>,
    did: &'r str,
    expected: &'r str,
    observed: &'r str,
    means: &'r str,
    likely_causes: &'r [String],
    /// Where the client was that waited, and what the threads did.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<&'r str>,
    /// The faulty servers that look the same.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    like: &'r [String],
    repeat: String,
}

pub(super) fn render(report: &Report) -> String {
    let check = |entry| check_object(entry, report);
    let document = Document {
        version: 2,
        server: &report.server,
        expect: report.expectation.to_string(),
        conclusive: report.is_conclusive(),
        score: report.score(),
        max_score: report.max_score(),
        summary: report.summary.as_deref(),
        checks: report.entries.iter().map(check).collect(),
    };
    pretty(&document)
}

fn check_object<'r>(entry: &'r Entry, report: &Report) -> CheckObject<'r> {
    let failure = match &entry.verdict {
        Verdict::Failed(failure) => Some(FailureObject {
            server: &failure.server,
            printed: entry.last_lines(),
            did: &failure.did,
            expected: &failure.expected,
            observed: &failure.observed,
            means: &failure.means,
            likely_causes: &failure.likely_causes,
            seen: failure.seen.as_ref().map(|seen| seen.text.as_str()),
            like: &failure.like,
            repeat: entry.repeat(report),
        }),
        _ => None,
    };
    CheckObject {
        name: entry.name,
        title: &entry.title,
        verdict: entry.verdict.word(),
        score: entry.score(),
        max_score: entry.points,
        note: failure.is_none().then(|| entry.account(report)),
        failure,
    }
}

/// A document of strings and numbers, which always has a JSON text.
pub(super) fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
