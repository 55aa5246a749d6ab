//! Gradescope's `results.json`: the platform adds the tests' scores up, so there is no
//! other.

use serde::Serialize;

use super::{Entry, Report, json::pretty};
use crate::verdict::Verdict;

#[derive(Serialize)]
struct Results {
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    score: u32,
    max_score: u32,
    /// Left out where nothing was proven: Gradescope then shows neither a pass nor a
    /// failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    output: String,
}

pub(super) fn render(report: &Report) -> String {
    let regrade = "REGRADE: some checks did not come to an end.".to_owned();
    let results = Results {
        output: match report.is_conclusive() {
            true => report.summary.clone(),
            false => Some(regrade),
        },
        tests: report
            .entries
            .iter()
            .map(|entry| test(entry, report))
            .collect(),
    };
    pretty(&results)
}

fn test(entry: &Entry, report: &Report) -> Test {
    Test {
        name: entry.title.clone(),
        score: entry.score(),
        max_score: entry.points,
        status: match entry.verdict {
            Verdict::Passed { .. } => Some("passed"),
            Verdict::Failed(_) | Verdict::Skipped { .. } => Some("failed"),
            Verdict::Inconclusive { .. } | Verdict::Unfinished => None,
        },
        output: entry.account(report),
    }
}
