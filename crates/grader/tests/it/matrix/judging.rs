//! What is wrong with the verdicts on the server of a row.

use std::{thread, time::Duration};

use grader::{RACES, Registry, Verdict};

use super::{MATRIX, Row, subject::grading};

/// What is wrong with the verdicts on the server of a row.
pub(super) struct Wrong {
    /// Whether a check failed that must not.
    pub(super) is_unjust: bool,
    /// The checks that did not come to their verdict.
    open: Vec<&'static str>,
    /// The report.
    pub(super) text: String,
}

/// What is wrong with the verdicts on a server, after some gradings of what is open: a
/// machine whose cores are all taken by others may see nothing of a race, or come to no
/// verdict. A check that fails although it must not is wrong at once.
pub(super) fn judge_patiently(row: &Row, mut wrong: Wrong) -> Option<String> {
    const GRADINGS: usize = 4;
    for _ in 0..GRADINGS {
        if wrong.is_unjust {
            break;
        }
        wrong = judge_those(row, races(row), Some(&wrong.open))?;
    }
    Some(wrong.text)
}

/// The checks that find what two threads do at the same time.
const OF_RACES: [&str; 4] = ["cross-talk", "lost-update", "lock-order", "log"];

/// What a check of a server with a fixed port says that never had its turn.
const NO_TIME: &str = "the time for the whole grading was up";

/// On a single core no two threads run at the same time, and few races are seen.
fn hides_races() -> bool {
    thread::available_parallelism().is_ok_and(|cores| cores.get() == 1)
}

/// How long races are looked for: briefly in a server that has none, except the first.
pub(super) fn races(row: &Row) -> Duration {
    let mut of_races = row
        .cells()
        .filter(|(check, _)| OF_RACES.contains(&check.name));
    let is_first = row.server == MATRIX[0].server && row.expect == MATRIX[0].expect;
    match is_first || of_races.any(|(_, due)| "F*".contains(due)) {
        true => RACES,
        false => RACES / 5,
    }
}

/// What is wrong with the verdicts on a server, if anything is.
pub(super) fn judge(row: &Row, races: Duration) -> Option<Wrong> {
    judge_those(row, races, None)
}

/// Of the checks in `open`, or of all.
fn judge_those(
    row: &Row,
    races: Duration,
    open: Option<&[&'static str]>,
) -> Option<Wrong> {
    let is_open = |check: &grader::Check| open.is_none_or(|o| o.contains(&check.name));
    // What is skipped is so after the check that counts clients in service.
    let counts = row.cells().any(|(check, due)| due == '-' && is_open(check));
    let runs =
        |check: &grader::Check| is_open(check) || counts && check.name == "at-once";
    let cells: Vec<_> = row.cells().filter(|(check, _)| runs(check)).collect();
    let names = || cells.iter().map(|(check, _)| check.name);
    let only = match open.is_none() && !row.only_failed {
        true => Vec::new(),
        false => names().collect(),
    };
    let report = match grading(row, only, races).run(&Registry::default()) {
        Ok(report) => report,
        Err(no_server) => {
            return Some(Wrong {
                is_unjust: !no_server.is_the_machines(),
                open: names().collect(),
                text: no_server.to_string(),
            });
        }
    };
    for entry in &report.entries {
        let is_due = names().any(|name| name == entry.name);
        assert!(is_due, "{} ran on {}", entry.name, row.server);
    }
    let verdict_of = |check: &grader::Check| {
        let entry = report.entries.iter().find(|entry| entry.name == check.name);
        &entry
            .unwrap_or_else(|| panic!("{} did not run", check.name))
            .verdict
    };
    let verdicts = || {
        cells
            .iter()
            .map(|(check, due)| (check, verdict_of(check), *due))
    };
    let open = verdicts().filter(|(check, verdict, due)| !is_due(check, verdict, *due));
    let open: Vec<_> = open.map(|(check, ..)| check.name).collect();
    if open.is_empty() {
        return None;
    }
    let text = report.render(grader::Format::Text);
    Some(Wrong {
        is_unjust: verdicts().any(|(_, verdict, due)| is_unjust(verdict, due)),
        text: format!("due: {}\nopen: {open:?}\n{text}", row.verdicts),
        open,
    })
}

fn is_due(check: &grader::Check, verdict: &Verdict, due: char) -> bool {
    let is_hidden = due == 'F' && OF_RACES.contains(&check.name) && hides_races();
    match verdict {
        Verdict::Passed { .. } => ".*".contains(due) || is_hidden,
        Verdict::Failed(_) => "F*".contains(due),
        Verdict::Skipped { .. } => due == '-',
        _ => false,
    }
}

fn is_unjust(verdict: &Verdict, due: char) -> bool {
    match verdict {
        Verdict::Failed(failure) => {
            ".-".contains(due) && !failure.observed.starts_with(NO_TIME)
        }
        _ => false,
    }
}
