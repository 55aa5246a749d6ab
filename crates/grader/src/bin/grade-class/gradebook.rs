//! One line for each submission, made of the reports alone: copied together, several
//! machines' reports make one gradebook.

use std::{fs, io, path::Path};

use serde_json::Value;

use crate::{
    class_report::ClassReport,
    entry::{Entry, Verdict},
    files,
};

const HEAD: &str = "name,verdict,score,max_score,failed,detail\n";

/// Writes `gradebook.csv` and `reteach.txt` of the reports in `reports`.
pub(crate) fn write(reports: &Path) -> io::Result<ClassReport> {
    let mut entries = Vec::new();
    for file in fs::read_dir(reports)? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            entries.extend(Entry::read(&path));
        }
    }
    entries.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    let mut text = HEAD.to_owned();
    for (entry, report) in &entries {
        text.push_str(&line(entry, report));
    }
    files::replace(&reports.join("gradebook.csv"), &text)?;
    let class = ClassReport::of(&entries);
    files::replace(&reports.join("reteach.txt"), &class.lines())?;
    Ok(class)
}

fn line(entry: &Entry, report: &Value) -> String {
    let number = |name| match (entry.verdict, report.get(name).and_then(Value::as_u64)) {
        (Verdict::Regrade, _) | (_, None) => String::new(),
        (_, Some(number)) => number.to_string(),
    };
    let score = match entry.verdict {
        Verdict::Graded | Verdict::Regrade => number("score"),
        _ => "0".to_owned(),
    };
    let failed = match entry.verdict {
        Verdict::Graded => failed(report),
        _ => String::new(),
    };
    format!(
        "{},{},{score},{},{},{}\n",
        quoted(&entry.name),
        entry.verdict.name(),
        number("max_score"),
        quoted(&failed),
        quoted(&entry.detail)
    )
}

/// The checks that cost points.
fn failed(report: &Value) -> String {
    let text = |check: &Value, name| {
        let found = check.get(name).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    let checks = report.get("checks").and_then(Value::as_array);
    let failed = checks
        .into_iter()
        .flatten()
        .filter(|check| matches!(text(check, "verdict").as_str(), "failed" | "skipped"));
    failed
        .map(|check| text(check, "name"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A field of CSV (RFC 4180): between quotes it may hold anything, quotes twice.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
