//! What a class did, counted from its reports alone: `pages.rs` knows where each check is
//! taught. `table.rs` prints the counts, `picture.rs` draws them, and `lines.rs` names
//! what to teach again. `destination.rs` is where they go.

mod destination;
mod lines;
mod pages;
mod picture;
mod table;

pub(crate) use destination::{Destination, PRINTED};

use std::{cmp::Reverse, collections::BTreeMap};

use grader::CHECKS;
use serde::Serialize;
use serde_json::Value;

use crate::entry::{Entry, Verdict};

/// Counts of submissions. As JSON it is what `class-report.schema.json` describes.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ClassReport {
    version: u32,
    pub(crate) submissions: usize,
    /// By verdict; a verdict that no submission got is left out.
    verdicts: BTreeMap<String, usize>,
    graded: usize,
    full_marks: usize,
    /// The most frequent first.
    failed: Vec<FailedCheck>,
    /// The most frequent first.
    mistakes: Vec<Mistake>,
    /// How many failed a check and look like no faulty server.
    unrecognised: usize,
    /// The file or page to start the next lecture with, if any check failed.
    start_with: Option<String>,
}

/// A check, and how many submissions failed it.
#[derive(Debug, Serialize)]
struct FailedCheck {
    check: String,
    title: String,
    submissions: usize,
    /// The page that teaches it.
    page: &'static str,
}

/// Faulty servers that look the same, and how many submissions look like them.
#[derive(Debug, Serialize)]
struct Mistake {
    like: Vec<String>,
    submissions: usize,
}

impl ClassReport {
    /// Counts the submissions of a class and their reports.
    pub(crate) fn of(reports: &[(Entry, Value)]) -> Self {
        let mut class = Self {
            version: 1,
            submissions: reports.len(),
            ..Self::default()
        };
        let mut failed = BTreeMap::new();
        let mut mistakes = BTreeMap::new();
        for (entry, report) in reports {
            *class.verdicts.entry(entry.verdict.name()).or_default() += 1;
            if entry.verdict == Verdict::Graded {
                class.add(report, &mut failed, &mut mistakes);
            }
        }
        class.failed = sorted_checks(failed);
        class.mistakes = sorted_mistakes(mistakes);
        class.start_with = class.starts_with();
        class
    }

    /// How many are to be judged again.
    pub(crate) fn regrade(&self) -> usize {
        let name = Verdict::Regrade.name();
        self.verdicts.get(&name).copied().unwrap_or_default()
    }

    /// As JSON, with an end of line.
    pub(crate) fn json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    fn add(
        &mut self,
        report: &Value,
        failed: &mut BTreeMap<String, (String, usize)>,
        mistakes: &mut BTreeMap<Vec<String>, usize>,
    ) {
        self.graded += 1;
        let score = report.get("score").and_then(Value::as_u64);
        let most = report.get("max_score").and_then(Value::as_u64);
        self.full_marks += usize::from(score.is_some() && score == most);
        let own = failed_checks(report);
        let like = own.iter().find_map(|check| likeness(check));
        self.unrecognised += usize::from(!own.is_empty() && like.is_none());
        if let Some(like) = like {
            *mistakes.entry(like).or_default() += 1;
        }
        for check in own {
            let text = |name| check.get(name).and_then(Value::as_str);
            if let (Some(name), Some(title)) = (text("name"), text("title")) {
                let check = failed.entry(name.to_owned());
                check.or_insert_with(|| (title.to_owned(), 0)).1 += 1;
            }
        }
    }

    /// The most frequent mistake, or else the page of the check that most failed.
    fn starts_with(&self) -> Option<String> {
        let mistake = self.mistakes.first().and_then(|one| one.like.first());
        let source = |name| format!("demos/faulty-servers/src/bin/{name}.rs");
        let page = || self.failed.first().map(|check| check.page.to_owned());
        mistake.map(source).or_else(page)
    }
}

/// A check that was skipped is the consequence of one that failed, and does not count.
fn failed_checks(report: &Value) -> Vec<&Value> {
    let checks = report.get("checks").and_then(Value::as_array);
    let is_failed =
        |check: &&Value| check.get("verdict").and_then(Value::as_str) == Some("failed");
    checks.into_iter().flatten().filter(is_failed).collect()
}

/// The faulty servers that a failed check names: all failed checks name the same ones.
fn likeness(check: &Value) -> Option<Vec<String>> {
    let names = check.get("failure")?.get("like")?.as_array()?;
    let names = names.iter().filter_map(Value::as_str).map(str::to_owned);
    Some(names.collect::<Vec<_>>()).filter(|names| !names.is_empty())
}

fn sorted_checks(failed: BTreeMap<String, (String, usize)>) -> Vec<FailedCheck> {
    let place = |name: &str| CHECKS.iter().position(|check| check.name == name);
    let mut checks: Vec<_> = failed
        .into_iter()
        .map(|(check, (title, submissions))| FailedCheck {
            page: pages::of(&check),
            check,
            title,
            submissions,
        })
        .collect();
    checks.sort_by_key(|one| {
        let place = place(&one.check).unwrap_or(CHECKS.len());
        (Reverse(one.submissions), place)
    });
    checks
}

fn sorted_mistakes(mistakes: BTreeMap<Vec<String>, usize>) -> Vec<Mistake> {
    let mut mistakes: Vec<_> = mistakes
        .into_iter()
        .map(|(like, submissions)| Mistake { like, submissions })
        .collect();
    mistakes.sort_by_key(|mistake| Reverse(mistake.submissions));
    mistakes
}

#[cfg(test)]
mod tests {
    use super::ClassReport;
    use crate::entry::Entry;
    use serde_json::{Value, json};

    /// Four who were graded, of whom one has full marks, and one who was not.
    pub(super) fn class() -> ClassReport {
        let report = |score: u64, failed: &[&str], like: &[&str]| {
            let check = |name: &&str| {
                let failure = json!({ "like": like });
                json!({"name": name, "title": "t<1>", "verdict": "failed",
                    "failure": failure})
            };
            let mut checks: Vec<_> = failed.iter().map(check).collect();
            checks.push(json!({"name": "unread", "title": "t", "verdict": "skipped"}));
            json!({ "score": score, "max_score": 9, "checks": checks })
        };
        let reports = [
            (entry("graded"), report(5, &["log", "slow"], &["b", "c"])),
            (entry("graded"), report(6, &["slow"], &["b", "c"])),
            (entry("graded"), report(6, &["idle"], &[])),
            (entry("graded"), report(9, &[], &[])),
            (entry("does-not-build"), Value::Null),
        ];
        ClassReport::of(&reports)
    }

    fn entry(verdict: &str) -> Entry {
        let text = json!({"name": "n", "verdict": verdict, "detail": "", "host": "h",
            "confinement": "none", "kit": "k", "judged_at": "now"});
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn what_most_failed_comes_first_and_what_was_skipped_does_not_count() {
        let class = class();
        let counts = class
            .failed
            .iter()
            .map(|one| (&*one.check, one.submissions));
        let due = [("slow", 2), ("idle", 1), ("log", 1)];
        assert_eq!(counts.collect::<Vec<_>>(), due);
        assert_eq!((class.graded, class.full_marks), (4, 1));
    }

    #[test]
    fn the_most_frequent_mistake_starts_the_lecture_or_else_the_most_failed_check() {
        let file = "demos/faulty-servers/src/bin/b.rs";
        assert_eq!(class().start_with.as_deref(), Some(file));
        assert_eq!(class().unrecognised, 1);
        let unlike =
            json!({"checks": [{"name": "slow", "title": "t", "verdict": "failed"}]});
        let other = ClassReport::of(&[(entry("graded"), unlike)]);
        assert_eq!(other.start_with.as_deref(), Some("docs/labs/2-read-it.md"));
        assert_eq!(ClassReport::of(&[]).start_with, None);
    }
}
