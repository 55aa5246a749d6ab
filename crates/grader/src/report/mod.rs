//! What a grading found, the sum of its points, and the formats of its report: a table
//! for people (`text.rs`, where each failed check ends with the command that runs it
//! again, made by `grader::options`), our own JSON (`json.rs`), JUnit's XML (`junit.rs`)
//! and Gradescope's (`gradescope.rs`). `last_lines.rs` picks what is shown of the
//! server's output.

mod gradescope;
mod json;
mod junit;
mod last_lines;
mod text;

use clap::ValueEnum;
use last_lines::last_lines;

use crate::{check::clients_at_once, expectation::Expectation, verdict::Verdict};

/// A grading's report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The command that was judged.
    pub server: String,
    /// What the server was to be.
    pub expectation: Expectation,
    /// The command that repeats the grading, with `CHECK` where a check's name is due.
    pub repeat: String,
    /// One fault that explains many others, as a sentence.
    pub summary: Option<String>,
    /// One entry a check, in the order of the checks.
    pub entries: Vec<Entry>,
}

/// One check's part of the report.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What the server was to do.
    pub title: String,
    /// What it is worth.
    pub points: u32,
    /// What came of it.
    pub verdict: Verdict,
}

/// How a report is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people
    #[default]
    Text,
    /// One object, described in docs/grading.md
    Json,
    /// Gradescope's results.json
    Gradescope,
    /// JUnit's XML, for CI services
    Junit,
}

impl Format {
    /// Whether a platform reads it, which takes an exit status other than 0 for a grader
    /// that broke.
    #[must_use]
    pub fn is_for_a_platform(self) -> bool {
        matches!(self, Self::Gradescope | Self::Junit)
    }
}

impl Report {
    /// The report in a format, ready to be written.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self),
            Format::Json => json::render(self),
            Format::Gradescope => gradescope::render(self),
            Format::Junit => junit::render(self),
        }
    }

    /// The points of the checks that passed.
    #[must_use]
    pub fn score(&self) -> u32 {
        self.entries.iter().map(Entry::score).sum()
    }

    /// The points of all checks that were run.
    #[must_use]
    pub fn max_score(&self) -> u32 {
        self.entries.iter().map(|entry| entry.points).sum()
    }

    /// Whether every check came to its end: else the score is no grade.
    #[must_use]
    pub fn is_conclusive(&self) -> bool {
        let open = |entry: &Entry| {
            matches!(
                entry.verdict,
                Verdict::Inconclusive { .. } | Verdict::Unfinished
            )
        };
        !self.entries.iter().any(open)
    }

    /// Whether some check failed, or could not be run because another failed.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        let failed = |entry: &Entry| {
            matches!(entry.verdict, Verdict::Failed(_) | Verdict::Skipped { .. })
        };
        self.entries.iter().any(failed)
    }

    /// Adds how many clients were in service at once to the failures that it explains.
    pub(crate) fn tell_how_many(&mut self, in_service: usize) {
        let clients = clients_at_once(self.expectation);
        let has_counted = self.entries.iter().any(|entry| entry.name == "at-once");
        if in_service == 0 || in_service == clients || !has_counted {
            return;
        }
        let seen =
            format!(" (the check at-once saw {in_service} of {clients} in service)");
        for entry in &mut self.entries {
            if let (Verdict::Failed(failure), "idle" | "slow") =
                (&mut entry.verdict, entry.name)
            {
                failure.means.push_str(&seen);
            }
        }
    }
}

impl Entry {
    /// The points it earned.
    #[must_use]
    pub fn score(&self) -> u32 {
        match self.verdict {
            Verdict::Passed { .. } => self.points,
            _ => 0,
        }
    }

    /// The command that runs this check alone.
    fn repeat(&self, report: &Report) -> String {
        report.repeat.replace("CHECK", self.name)
    }

    /// What the server printed last.
    fn last_lines(&self) -> Vec<String> {
        match &self.verdict {
            Verdict::Failed(failure) => last_lines(&failure.printed),
            _ => Vec::new(),
        }
    }

    /// What there is to say beyond the title: a line, or a failed check's whole account.
    fn account(&self, report: &Report) -> String {
        match &self.verdict {
            Verdict::Passed { note } => note.clone(),
            Verdict::Skipped { reason } => format!("not run: {reason}"),
            Verdict::Inconclusive { reason } => {
                format!("inconclusive, not failed: {reason}; run the grader again")
            }
            Verdict::Unfinished => "the grading did not finish".to_owned(),
            Verdict::Failed(_) => text::account(self, report),
        }
    }
}
