//! JUnit's XML, as CI services read it.

use std::fmt::Write;

use super::{Entry, Report};
use crate::verdict::Verdict;

pub(super) fn render(report: &Report) -> String {
    let count = |word: &str| {
        let entries = report.entries.iter();
        entries
            .filter(|entry| element(&entry.verdict) == Some(word))
            .count()
    };
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    let head = format!(
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" \
         skipped=\"{}\">\n",
        escape(&report.server),
        report.entries.len(),
        count("failure"),
        count("error"),
        count("skipped"),
    );
    out.push_str(&head);
    properties(&mut out, report);
    for entry in &report.entries {
        case(&mut out, entry, report);
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

/// JUnit knows no points: they stand in the properties of the suite.
fn properties(out: &mut String, report: &Report) {
    let mut points = vec![
        ("score".to_owned(), report.score().to_string()),
        ("max_score".to_owned(), report.max_score().to_string()),
    ];
    let entries = report.entries.iter();
    points.extend(entries.map(|entry| {
        let worth = format!("{}/{}", entry.score(), entry.points);
        (format!("points.{}", entry.name), worth)
    }));
    out.push_str("<properties>\n");
    for (name, value) in points {
        let line = format!("<property name=\"{name}\" value=\"{value}\"/>\n");
        out.push_str(&line);
    }
    out.push_str("</properties>\n");
}

fn case(out: &mut String, entry: &Entry, report: &Report) {
    let (name, title) = (escape(entry.name), escape(&entry.title));
    let account = escape(&entry.account(report));
    let outcome = match element(&entry.verdict) {
        None => format!("<system-out>{account}</system-out>"),
        // The schema gives a skipped test no text, only a message.
        Some("skipped") => format!("<skipped message=\"{account}\"/>"),
        Some(element) => {
            let word = entry.verdict.word();
            format!(
                "<{element} message=\"{title}\" type=\"{word}\">{account}</{element}>"
            )
        }
    };
    let case = writeln!(
        out,
        "<testcase classname=\"grader.{name}\" name=\"{title}\">{outcome}</testcase>"
    );
    debug_assert!(case.is_ok(), "a String takes every text");
}

/// The element for an outcome; a test without one has passed.
fn element(verdict: &Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Passed { .. } => None,
        Verdict::Failed(_) => Some("failure"),
        Verdict::Skipped { .. } => Some("skipped"),
        Verdict::Inconclusive { .. } | Verdict::Unfinished => Some("error"),
    }
}

/// Text for XML 1.0, which has no way to write most control characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let escaped = super::escape("a<b>&\"c\"\u{1b}[0m\0\n\u{ffff}");
        assert_eq!(
            escaped,
            "a&lt;b&gt;&amp;&quot;c&quot;\u{fffd}[0m\u{fffd}\n\u{fffd}"
        );
    }
}
