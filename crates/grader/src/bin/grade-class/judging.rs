//! A server that is judged by `grader`, a process of its own whose report is believed
//! only if it says how it ended.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

use launch::{Interrupt, Launch};
use serde_json::Value;

use crate::{
    confinement::Confinement,
    limited::{self, Ended},
};

/// The exit statuses of `grader`.
const PASSED: i32 = 0;
const FAILED: i32 = 1;
const INCONCLUSIVE: i32 = 3;
const NO_SERVER: i32 = 4;

/// What came of a grading.
pub(crate) enum Judged {
    /// The grader came to its end, with this report.
    Graded(Value),
    /// There was no server to judge, for this reason.
    NoServer(String, Option<Value>),
    /// No grade, for this reason.
    Regrade(String, Option<Value>),
    Interrupted,
}

/// What the grader is to do.
pub(crate) struct Task<'t> {
    /// The server and its arguments.
    pub(crate) command: &'t [OsString],
    /// The folder that a confined server may read.
    pub(crate) seen: &'t Path,
    pub(crate) confinement: Confinement,
    /// What else it is given.
    pub(crate) options: &'t [OsString],
    pub(crate) limit: Duration,
    /// The command that repeats a check.
    pub(crate) repeat: String,
    /// A folder that no server can read.
    pub(crate) own: &'t Path,
}

/// Judges a server; the text is what the grader printed.
pub(crate) fn judge(task: &Task<'_>, interrupt: &Interrupt) -> (Judged, String) {
    let report = task.own.join("report.json");
    let grader = Launch::new(program("grader"))
        .args(["--format", "json", "--output"])
        .arg(&report)
        .arg("--repeat")
        .arg(&task.repeat)
        .args(task.confinement.for_grader(task.seen))
        .args(task.options)
        .arg("--")
        .args(task.command);
    let (status, text) = match limited::run(grader, task.limit, interrupt) {
        Err(error) => return (Judged::Regrade(error.to_string(), None), String::new()),
        Ok(Ended::Interrupted) => return (Judged::Interrupted, String::new()),
        Ok(Ended::Late(text)) => {
            let why = format!("the grader did not end within {:?}", task.limit);
            return (Judged::Regrade(why, None), text);
        }
        Ok(Ended::Itself(status, text)) => (status, text),
    };
    let report = fs::read(&report).ok();
    let report = report.and_then(|report| serde_json::from_slice(&report).ok());
    (conclude(status, report, &text), text)
}

/// What came of a grading that ended with this status.
fn conclude(status: ExitStatus, report: Option<Value>, text: &str) -> Judged {
    let last_line = || {
        text.lines()
            .last()
            .unwrap_or("it printed nothing")
            .to_owned()
    };
    match (status.code(), report) {
        (Some(code @ (PASSED | FAILED)), Some(report)) if is_conclusive(&report) => {
            believe(code, report, text)
        }
        (Some(NO_SERVER), report) => {
            let why = text.lines().find(|line| line.starts_with("grader: "));
            Judged::NoServer(why.unwrap_or("there is no server").to_owned(), report)
        }
        (Some(INCONCLUSIVE), report) => {
            let why = report
                .as_ref()
                .and_then(inconclusive)
                .unwrap_or_else(last_line);
            Judged::Regrade(why, report)
        }
        (Some(_), report) => Judged::Regrade(last_line(), report),
        (None, report) => {
            Judged::Regrade(format!("the grader ended with {status}"), report)
        }
    }
}

/// Believes a status, a report and what the grader printed only if they say the same:
/// where nothing confines them, another submission may have written the report.
fn believe(code: i32, report: Value, text: &str) -> Judged {
    let points = ["score", "max_score"].map(|name| report.get(name)?.as_u64());
    let [Some(score), Some(most)] = points else {
        return Judged::Regrade("the report has no points".to_owned(), Some(report));
    };
    if printed(text) != Some((score, most)) || (code == PASSED && score != most) {
        let why = "the report is not the one that the grader wrote";
        return Judged::Regrade(why.to_owned(), None);
    }
    Judged::Graded(report)
}

fn is_conclusive(report: &Value) -> bool {
    report.get("conclusive").and_then(Value::as_bool) == Some(true)
}

/// The points in the grader's own words; what a server has printed stands behind another
/// word there.
fn printed(text: &str) -> Option<(u64, u64)> {
    let mut lines = text.lines().rev();
    lines.find_map(|line| {
        let (name, points) = line.trim().split_once(char::is_whitespace)?;
        let (score, most) = points.trim().split_once('/').filter(|_| name == "points")?;
        Some((score.parse().ok()?, most.parse().ok()?))
    })
}

/// Why the first check that came to no end did not.
fn inconclusive(report: &Value) -> Option<String> {
    let checks = report.get("checks")?.as_array()?;
    let open = checks.iter().find(|check| {
        matches!(
            check.get("verdict").and_then(Value::as_str),
            Some("inconclusive" | "unfinished")
        )
    })?;
    let note = open.get("note")?.as_str()?;
    Some(format!("{}: {note}", open.get("name")?.as_str()?))
}

/// A program of the kit, beside this one.
pub(crate) fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().ok();
    let beside = here.and_then(|here| Some(here.parent()?.join(name)));
    beside.unwrap_or_else(|| name.into())
}

#[cfg(test)]
mod tests {
    use super::{Judged, conclude};
    use serde_json::{Value, json};
    use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

    fn is_graded(raw: i32, report: Option<Value>) -> bool {
        is_graded_after("      points                   5/28\n", raw, report.clone())
            || is_graded_after("      points                  28/28\n", raw, report)
    }

    fn is_graded_after(text: &str, raw: i32, report: Option<Value>) -> bool {
        let judged = conclude(ExitStatus::from_raw(raw), report, text);
        matches!(judged, Judged::Graded(_))
    }

    #[test]
    fn only_a_grader_that_finished_gives_a_grade() {
        let full = json!({"conclusive": true, "score": 28, "max_score": 28});
        let part = json!({"conclusive": true, "score": 5, "max_score": 28});
        let open = json!({"conclusive": false, "score": 28, "max_score": 28});
        assert!(is_graded(0, Some(full.clone())));
        assert!(is_graded(1 << 8, Some(part.clone())));
        for (raw, report) in [
            (0, None),
            (0, Some(part)),
            (0, Some(open)),
            (9, Some(full.clone())),
            (2 << 8, Some(full.clone())),
            (3 << 8, Some(full.clone())),
            (4 << 8, Some(full)),
        ] {
            assert!(!is_graded(raw, report.clone()), "{raw}: {report:?}");
        }
    }

    #[test]
    fn a_report_with_other_points_than_the_grader_printed_is_not_believed() {
        let full = json!({"conclusive": true, "score": 28, "max_score": 28});
        for (text, is_believed) in [
            ("", false),
            ("      points   5/28\n", false),
            ("    printed     points 28/28\n      points   5/28\n", false),
            ("    printed     points 28/28\n", false),
            ("      points  28/28\n", true),
        ] {
            for status in [0, 1 << 8] {
                let is_graded = is_graded_after(text, status, Some(full.clone()));
                assert_eq!(is_graded, is_believed, "{text}");
            }
        }
    }
}
