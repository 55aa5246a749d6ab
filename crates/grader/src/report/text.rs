//! The table for people, and the account of a failed check.

use super::{Entry, Report};
use crate::{likeness, verdict::Verdict};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    let expected =
        format_args!("{}, expected to be {}\n", report.server, report.expectation);
    line(&mut out, expected);
    if let Some(summary) = &report.summary {
        line(&mut out, format_args!("main fault: {summary}\n"));
    }
    let longest = report
        .entries
        .iter()
        .map(|entry| entry.title.chars().count());
    let width = longest.max().unwrap_or(0);
    for entry in &report.entries {
        let Entry { title, points, .. } = entry;
        let word = label(&entry.verdict);
        let score = entry.score();
        line(
            &mut out,
            format_args!("{word:<5} {title:<width$}  {score:>2}/{points}"),
        );
        match &entry.verdict {
            Verdict::Failed(_) => out.push_str(&account(entry, report)),
            Verdict::Passed { .. } => {}
            _ => line(&mut out, format_args!("  {}", entry.account(report))),
        }
    }
    let (score, most) = (report.score(), report.max_score());
    let end = if report.is_conclusive() {
        ""
    } else {
        ", which is no grade: run the grader again"
    };
    line(
        &mut out,
        format_args!("\n      {:<width$}  {score}/{most}{end}", "points"),
    );
    out
}

/// The account of a failed check: the server, what was done and observed, what that
/// means, and the command that runs it again.
pub(super) fn account(entry: &Entry, report: &Report) -> String {
    let Verdict::Failed(failure) = &entry.verdict else {
        return String::new();
    };
    let mut out = String::new();
    line(
        &mut out,
        format_args!("  {:<13} {}", "server", failure.server),
    );
    for printed in entry.last_lines() {
        line(&mut out, format_args!("  {:<13} {printed}", "  printed"));
    }
    let repeat = entry.repeat(report);
    for (name, text) in [
        ("did", &failure.did),
        ("expected", &failure.expected),
        ("observed", &failure.observed),
        ("means", &failure.means),
    ] {
        line(&mut out, format_args!("  {name:<13} {text}"));
    }
    if let Some(seen) = &failure.seen {
        line(&mut out, format_args!("  {:<13} {}", "seen", seen.text));
    }
    if let Some(like) = likeness::line(&failure.like) {
        line(&mut out, format_args!("  {:<13} {like}", "like"));
    }
    for cause in &failure.likely_causes {
        line(&mut out, format_args!("  {:<13} {cause}", "likely cause"));
    }
    line(&mut out, format_args!("  {:<13} {repeat}", "run again"));
    out
}

fn label(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passed { .. } => "pass",
        Verdict::Failed(_) => "FAIL",
        Verdict::Skipped { .. } => "skip",
        Verdict::Inconclusive { .. } | Verdict::Unfinished => "????",
    }
}

/// A line whose control characters cannot reach the terminal, no matter who wrote them.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let text = text.to_string();
    for line in text.split('\n') {
        out.push_str(&proto::blanked(line));
        out.push('\n');
    }
}
