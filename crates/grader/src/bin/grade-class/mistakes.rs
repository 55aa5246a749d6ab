//! Which of the kit's faulty servers the servers of a class look like, and how many do.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::Value;

/// By what they look like, the names of faulty servers: how many look like it.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(BTreeMap<Vec<String>, usize>);

impl Mistakes {
    /// Counts in the report of a submission: its failed checks all name the same servers.
    pub(crate) fn add(&mut self, report: &Value) {
        let checks = report.get("checks").and_then(Value::as_array);
        let alike = checks.into_iter().flatten().find_map(|check| {
            let names = check.get("failure")?.get("like")?.as_array()?;
            let names = names.iter().filter_map(Value::as_str).map(str::to_owned);
            Some(names.collect::<Vec<_>>()).filter(|names| !names.is_empty())
        });
        if let Some(alike) = alike {
            *self.0.entry(alike).or_default() += 1;
        }
    }

    /// A line for each mistake, the most frequent first, of so many submissions; and the
    /// one to start the next lecture with.
    pub(crate) fn lines(&self, graded: usize) -> String {
        let mut mistakes: Vec<_> = self.0.iter().collect();
        mistakes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let mut text = String::new();
        for (alike, count) in &mistakes {
            let names = alike.join(", ");
            let written = writeln!(text, "{count:>4} of {graded} look like {names}");
            debug_assert!(written.is_ok(), "a String takes every text");
        }
        if let Some(first) = mistakes.first().and_then(|(alike, _)| alike.first()) {
            text.push_str(&format!(
                "start the next lecture with demos/faulty-servers/src/bin/{first}.rs\n"
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_most_frequent_mistake_comes_first_and_starts_the_lecture() {
        let report = |like: &[&str]| {
            let failure = json!({ "like": like });
            json!({ "checks": [{ "name": "idle" }, { "failure": failure }, { "failure": failure }] })
        };
        let mut mistakes = Mistakes::default();
        for like in [&["a"][..], &["b", "c"], &["b", "c"], &[]] {
            mistakes.add(&report(like));
        }
        let lines = mistakes.lines(4);
        let due = "   2 of 4 look like b, c\n   1 of 4 look like a\n\
                   start the next lecture with demos/faulty-servers/src/bin/b.rs\n";
        assert_eq!(lines, due);
        assert_eq!(Mistakes::default().lines(4), "");
    }
}
