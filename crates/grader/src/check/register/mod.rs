//! Students register side by side: each stands whole on one line of output, and on the
//! roster (`roster.rs`).

mod roster;

use std::{collections::HashMap, thread, time::Duration};

use launch::Stream;
use proto::Reply;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::{NONCE, nonce},
    rounds::Effort,
    running::Running,
    test_client::TestClient,
    workbench::Workbench,
};

use super::{burst, diagnosis::SIDE_BY_SIDE};

/// Students who register side by side. Each has a connection of its own if the server
/// takes that many.
const STUDENTS: usize = 60;
/// No more are put on one roster: it may be a list that is searched.
const MOST: usize = 1_800;
/// At how many glances in a row the server has to sleep before no line comes any more.
const NO_MORE: u32 = 5;

/// What each name begins with: a name is two words.
const FIRST: &str = "Ada ";

/// Name, student id and GitHub name, of which no server can have seen any before.
type Student = [String; 3];

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let students = workbench
        .with_busy_servers(|running, effort| side_by_side(workbench, running, effort))?;
    let has_roster = workbench.shared.commands.know("ROSTER");
    let what = if has_roster {
        "on one line and on the roster"
    } else {
        "on one line"
    };
    workbench.with_server(|running| roster::twice(workbench, running))?;
    Ok(format!("{students} students, each {what}"))
}

fn failure_text(did: impl Into<String>, expected: &str) -> FailureText {
    FailureText::new(
        did,
        expected,
        "a student is not whole, or is lost, when several register at once",
        &[
            "no print lock around the lines of one student",
            "no write lock around the roster, or one that is given back too early",
            "nothing is printed, or it is not flushed",
        ],
    )
}

fn student() -> Student {
    [format!("{FIRST}{}", nonce()), nonce(), nonce()]
}

fn side_by_side(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    effort: Effort,
) -> Result<usize, EarlyEnd> {
    let failure_text = failure_text(
        format!("{STUDENTS} students sent REGISTER, all at once"),
        "name, id and GitHub name of each are together on one line of output",
    );
    let mut test_clients = burst::clients(workbench, running, STUDENTS, &failure_text)?;
    let (mut rounds, mut registered) = (effort.rounds(running.pulse()), Vec::new());
    while registered.len() < MOST
        && let Some(_turn) = rounds.turn(workbench)
    {
        let students: Vec<Student> = (0..STUDENTS).map(|_| student()).collect();
        register(&mut test_clients, &students, &failure_text)?;
        registered.extend(students);
    }
    judge_lines(running, &registered, &failure_text)?;
    if workbench.shared.commands.know("ROSTER") {
        roster::judge(&mut test_clients, &registered)?;
    }
    Ok(registered.len())
}

/// Each client sends the next of its share, then all replies are read, again and again.
fn register(
    test_clients: &mut [TestClient],
    students: &[Student],
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let trouble = |why| SIDE_BY_SIDE.trouble(failure_text, "a REGISTER", &why);
    for students in students.chunks(test_clients.len().max(1)) {
        for (test_client, [name, id, github]) in test_clients.iter_mut().zip(students) {
            let request = ["REGISTER", name, id, github];
            test_client.send(&request).map_err(trouble)?;
        }
        for (test_client, _) in test_clients.iter_mut().zip(students) {
            test_client.expect(&Reply::ok()).map_err(trouble)?;
        }
    }
    Ok(())
}

fn judge_lines(
    running: &Running<'_>,
    students: &[Student],
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let lines = wait_for(running, students);
    let named = by_name(&lines);
    let Some([name, id, github]) = students.iter().find(|one| !is_whole(&named, one))
    else {
        return Ok(());
    };
    let student = format!("`{name}`, `{id}` and `{github}`");
    let is_shown = |part: &&str| lines.iter().any(|line| line.contains(part));
    Err(
        if [name, id, github]
            .iter()
            .any(|part| is_shown(&part.as_str()))
        {
            failure_text.broken(format!("no one line holds {student}, and nobody else"))
        } else {
            failure_text.silent(format!("no line of standard output holds {student}"))
        },
    )
}

/// The lines that hold one student's name and no other's, by this name.
fn by_name(lines: &[String]) -> HashMap<&str, Vec<&str>> {
    let mut named: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in lines {
        let starts = line.match_indices(FIRST).map(|(start, _)| start);
        let mut names: Vec<_> = starts
            .map(|start| line.get(start..start + FIRST.len() + NONCE))
            .collect();
        names.dedup();
        if let [Some(name)] = names.as_slice() {
            named.entry(name).or_default().push(line);
        }
    }
    named
}

fn is_whole(named: &HashMap<&str, Vec<&str>>, [name, id, github]: &Student) -> bool {
    let lines = named.get(name.as_str()).map_or(&[][..], Vec::as_slice);
    let holds =
        |line: &&str| line.contains(id.as_str()) && line.contains(github.as_str());
    lines.iter().any(holds)
}

/// The lines of standard output, once every student is among them, or no more come.
fn wait_for(running: &Running<'_>, students: &[Student]) -> Vec<String> {
    let mut vigil = running.vigil();
    loop {
        let lines = running.server.lines(Stream::Stdout);
        let named = by_name(&lines);
        if vigil.slept() > NO_MORE
            || vigil.is_over().is_some()
            || students.iter().all(|student| is_whole(&named, student))
        {
            return lines;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::{by_name, is_whole};

    #[test]
    fn a_student_has_one_line_alone() {
        let student = ["Ada qaaaaaaaaa", "qb", "qc"].map(str::to_owned);
        let whole = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            is_whole(&by_name(&lines), &student)
        };
        assert!(whole(&["x", "REGISTER \"Ada qaaaaaaaaa\" qb qc -> OK"]));
        assert!(whole(&[
            "Ada qaaaaaaaaa qb qc => roster has Ada qaaaaaaaaa"
        ]));
        assert!(!whole(&["name Ada qaaaaaaaaa", "id qb", "github qc"]));
        assert!(!whole(&["Ada qaaaaaaaaa Ada qzzzzzzzzz qb qc"]));
    }
}
