//! What a class got wrong most, and the page that teaches it.

use std::{collections::BTreeMap, fmt::Write};

use grader::CHECKS;
use serde_json::Value;

use crate::mistakes::Mistakes;

/// Where each check is taught.
const PAGES: &[(&str, &str)] = &[
    ("contract", "docs/architecture.md#a-servers-contract"),
    ("answers", "docs/protocol.md#commands"),
    ("framing", "docs/labs/4-write-it.md#step-2-frames"),
    ("half-close", "docs/labs/4-write-it.md#step-2-frames"),
    ("late-reader", "docs/labs/4-write-it.md#step-2-frames"),
    ("idle", "docs/labs/2-read-it.md"),
    ("slow", "docs/labs/2-read-it.md"),
    ("computing", "docs/four-designs.md"),
    ("unread", "docs/labs/4-write-it.md#step-4-threads"),
    ("at-once", "docs/labs/6-the-limit.md"),
    ("cross-talk", "docs/labs/3-break-it.md"),
    ("lost-update", "docs/labs/5-the-price.md"),
    ("lock-order", "docs/labs/5-the-price.md"),
    ("log", "docs/labs/4-write-it.md#step-5-a-print-lock"),
    (
        "rude-clients",
        "docs/labs/4-write-it.md#step-3-clients-that-leave",
    ),
    (
        "many-clients",
        "docs/labs/4-write-it.md#step-3-clients-that-leave",
    ),
    ("busy-waiting", "docs/labs/4-write-it.md#step-7-drain"),
    ("drain", "docs/labs/4-write-it.md#step-7-drain"),
    ("register", "docs/handouts.md#5-the-clienthandler-lab"),
];

/// The checks that some submission of a class failed, by how many did.
#[derive(Debug, Default)]
pub(crate) struct Reteach {
    graded: usize,
    /// By check: how many failed it, and its title.
    failed: BTreeMap<String, (usize, String)>,
    mistakes: Mistakes,
}

impl Reteach {
    /// Counts in the report of a submission that was graded. A check that was skipped is
    /// the consequence of one that failed, and is not counted.
    pub(crate) fn add(&mut self, report: &Value) {
        self.graded += 1;
        self.mistakes.add(report);
        let checks = report.get("checks").and_then(Value::as_array);
        for check in checks.into_iter().flatten() {
            let text = |name| check.get(name).and_then(Value::as_str);
            if text("verdict") == Some("failed")
                && let (Some(name), Some(title)) = (text("name"), text("title"))
            {
                let entry = self.failed.entry(name.to_owned());
                entry.or_insert_with(|| (0, title.to_owned())).0 += 1;
            }
        }
    }

    /// A line for each check that somebody failed, the most frequent first, then one for
    /// each mistake that was recognised; empty if there is none.
    pub(crate) fn lines(&self) -> String {
        let place = |name: &str| CHECKS.iter().position(|check| check.name == name);
        let mut failed: Vec<_> = self.failed.iter().collect();
        failed.sort_by_key(|(name, (count, _))| {
            (
                std::cmp::Reverse(*count),
                place(name).unwrap_or(CHECKS.len()),
            )
        });
        let mut text = String::new();
        for (name, (count, title)) in failed {
            let page = PAGES.iter().find(|(check, _)| check == name);
            let page = page.map_or("docs/grading.md", |(_, page)| page);
            let line = writeln!(
                text,
                "{count:>4} of {} failed {name}: {title}; reteach {page}",
                self.graded
            );
            debug_assert!(line.is_ok(), "a String takes every text");
        }
        text + &self.mistakes.lines(self.graded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_most_failed_comes_first_with_its_page() {
        let report = |failed: &[&str]| {
            let check =
                |name: &&str| json!({"name": name, "title": "t", "verdict": "failed"});
            let mut checks: Vec<_> = failed.iter().map(check).collect();
            checks.push(json!({"name": "unread", "title": "t", "verdict": "skipped"}));
            json!({ "checks": checks })
        };
        let mut reteach = Reteach::default();
        for failed in [&["log", "slow"][..], &["slow"], &["idle"], &[]] {
            reteach.add(&report(failed));
        }
        let lines = reteach.lines();
        let due = "   2 of 4 failed slow: t; reteach docs/labs/2-read-it.md\n   1 of 4 failed idle";
        assert!(lines.starts_with(due), "{lines}");
        assert!(!lines.contains("unread"), "{lines}");
    }

    #[test]
    fn every_check_has_a_page_and_every_page_its_heading() {
        let top = crate::kit::root();
        for check in CHECKS {
            let page = PAGES.iter().find(|(name, _)| *name == check.name);
            let (_, page) = page.unwrap_or_else(|| panic!("{} has no page", check.name));
            let (file, anchor) = page.split_once('#').unwrap_or((page, ""));
            let text = std::fs::read_to_string(top.join(file)).unwrap();
            let headings = text.lines().filter(|line| line.starts_with('#'));
            let mut anchors = headings.map(|line| {
                let kept = |c: &char| c.is_alphanumeric() || " -".contains(*c);
                let words: String = line.to_lowercase().chars().filter(kept).collect();
                words.trim().replace(' ', "-")
            });
            assert!(
                anchor.is_empty() || anchors.any(|one| one == anchor),
                "{page}"
            );
        }
    }
}
