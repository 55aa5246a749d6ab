//! What is wrong with the verdicts on the server of a row.

use std::{iter, thread, time::Duration};

use grader::{CHECKS, RACES, Registry, Verdict};

use super::{MATRIX, Row, subject::grading};

/// What is wrong with the verdicts on a server, in the last of some gradings: a machine
/// whose cores are all taken by others may see nothing of a race, or come to no verdict.
/// A check that fails although it must not is wrong at once.
pub(super) fn judge_patiently(row: &Row) -> Option<String> {
    const GRADINGS: usize = 4;
    let mut wrong = None;
    for _ in 0..GRADINGS {
        match judge(row, races(row))? {
            (true, text) => return Some(text),
            (false, text) => wrong = Some(text),
        }
    }
    wrong
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
    let verdicts = CHECKS.iter().zip(row.verdicts.chars());
    let mut of_races = verdicts.filter(|(check, _)| OF_RACES.contains(&check.name));
    let is_first = row.server == MATRIX[0].server && row.expect == MATRIX[0].expect;
    match is_first || of_races.any(|(_, due)| "F*".contains(due)) {
        true => RACES,
        false => RACES / 5,
    }
}

/// What is wrong with the verdicts on a server, if anything is, and whether a check
/// failed that must not.
pub(super) fn judge(row: &Row, races: Duration) -> Option<(bool, String)> {
    let report = match grading(row, races).run(&Registry::default()) {
        Ok(report) => report,
        Err(no_server) => {
            return Some((!no_server.is_the_machines(), no_server.to_string()));
        }
    };
    let verdict = |check: &grader::Check| {
        let entry = report.entries.iter().find(|entry| entry.name == check.name);
        entry.map(|entry| entry.verdict.clone())
    };
    assert!(row.verdicts.len() <= CHECKS.len(), "{}", row.server);
    let run = |due| match row.only_failed {
        true if due != 'F' => ' ',
        _ => due,
    };
    let verdicts = || row.verdicts.chars().map(run).chain(iter::repeat(' '));
    let due = || CHECKS.iter().map(verdict).zip(verdicts());
    let hidden = |check: &grader::Check, due| match hides_races() {
        true if due == 'F' && OF_RACES.contains(&check.name) => '*',
        _ => due,
    };
    let due_here = || {
        let cells = CHECKS.iter().zip(verdicts());
        let cells = cells.map(|(check, due)| hidden(check, due));
        CHECKS.iter().map(verdict).zip(cells)
    };
    let is_due = |(verdict, due): (Option<Verdict>, char)| {
        matches!(
            (verdict, due),
            (None, ' ')
                | (Some(Verdict::Passed { .. }), '.' | '*')
                | (Some(Verdict::Failed(_)), 'F' | '*')
                | (Some(Verdict::Skipped { .. }), '-')
        )
    };
    if due_here().all(is_due) {
        return None;
    }
    let is_unjust = |(verdict, due): (Option<Verdict>, char)| match verdict {
        Some(Verdict::Failed(failure)) => {
            ".-".contains(due) && !failure.observed.starts_with(NO_TIME)
        }
        _ => false,
    };
    let text = report.render(grader::Format::Text);
    let text = format!("due: {}\n{text}", row.verdicts);
    Some((due().any(is_unjust), text))
}
