//! Many clients make the server print at the same time: a line is one request's, and it
//! is out before the reply. `busy.rs` sends many requests at once, `lines.rs` finds the
//! requests on the lines, and `diagnoses.rs` says what other troubles mean.

mod busy;
mod diagnoses;
mod lines;

use std::{collections::HashSet, thread, time::Duration};

use launch::{Mark, Stream};
use proto::Reply;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    rounds::Effort,
    running::Running,
    workbench::Workbench,
};

use super::{
    burst,
    diagnosis::{Diagnosis, unserved},
    sudden_end,
};

use busy::{BURST, ENOUGH, answers_of_all, as_many_as_are_kept};
pub(super) use busy::{BUSY_CLIENTS, send};
use diagnoses::{MIXED_UP, NOT_ONE_LINE, ON_STANDARD_ERROR, ONE_BY_ONE};
pub(super) use lines::words_of;
use lines::{Style, on_lines};

/// Clients that send one request each, one after another; all of these must be in the
/// log.
const CLIENTS: usize = 64;
/// Servers that are killed in the middle of a burst.
const KILLED: usize = 2;
/// At how many glances in a row the server has to sleep before no line comes any more.
const NO_MORE: u32 = 5;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let mut style = Style {
        command: workbench.echo(),
        names: None,
    };
    let mut burst = BURST;
    let mut lines = workbench.with_server(|running| {
        let lines = singles(workbench, running, &mut style)?;
        burst = as_many_as_are_kept(&running.server.lines(Stream::Stdout));
        Ok(lines)
    })?;
    lines += workbench.with_busy_servers(|running, effort| {
        side_by_side(workbench, running, (effort, burst), style)
    })?;
    let mut survived = 0;
    for _ in 0..KILLED {
        survived += workbench
            .with_server(|running| sudden_end::lines_survive(workbench, running))?;
    }
    Ok(format!(
        "{lines} requests, one whole line for each; {survived} lines printed before \
         their replies"
    ))
}

fn failure_text(did: String) -> FailureText {
    FailureText::new(
        did,
        "each random word is on one line of standard output, and no line has two",
        "a request that was answered has no line in the log",
        &[
            "output that is not flushed",
            "a line that is printed after the reply, or only at the end",
            "words printed as numbers: {:?} of bytes in Rust",
            "a line that has the command, and not its words",
        ],
    )
}

/// One client after another, each with one request: it needs no room in a backlog.
fn singles(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    style: &mut Style<'_>,
) -> Result<usize, EarlyEnd> {
    let echo = workbench.echo();
    let failure_text = failure_text(format!(
        "{CLIENTS} clients sent {echo} with a random word and half-closed, one by one"
    ));
    let mut words = Vec::new();
    for _ in 0..CLIENTS {
        let word = nonce();
        let mut client = running.test_client(&unserved(&failure_text), "a client")?;
        let of_client =
            |why| ONE_BY_ONE.trouble(&failure_text, "a client's request", &why);
        client.send(&[echo, &word]).map_err(of_client)?;
        client.finish_sending();
        client.expect(&Reply::text(&word)).map_err(of_client)?;
        words.push(word);
    }
    let mark = &mut Mark::default();
    let said = (NOT_ONE_LINE, &failure_text);
    let count = judge(running, mark, &words, &words, *style, said)?;
    let known = words.iter().map(String::as_str).collect();
    style.learn(&running.server.lines(Stream::Stdout), &known);
    Ok(count)
}

fn side_by_side(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    (effort, each): (Effort, usize),
    style: Style<'_>,
) -> Result<usize, EarlyEnd> {
    if workbench.shared.expectation.is_serial()
        || !burst::takes_bursts(workbench, running, burst::SOME)
    {
        return Ok(0); // nothing of it prints side by side, or that is for another check
    }
    let failure_text = failure_text(format!(
        "{BUSY_CLIENTS} clients sent {each} {} with a random word each, all at once",
        workbench.echo()
    ));
    let mut test_clients =
        burst::clients(workbench, running, BUSY_CLIENTS, &failure_text)?;
    let (mut mark, mut lines) = (Mark::default(), 0);
    let in_a_round = (test_clients.len() * each).max(1);
    let mut rounds = effort
        .rounds(running.pulse())
        .at_most(effort.share_of(ENOUGH).div_ceil(in_a_round));
    while rounds.again() {
        let words = send(workbench, &mut test_clients, each);
        let sent: Vec<String> = words.concat();
        let answered = answers_of_all(&mut test_clients, each);
        let said = (MIXED_UP, &failure_text);
        lines += judge(running, &mut mark, &sent, &answered, style, said)?;
        if answered.len() < sent.len() {
            break; // whether all are answered is for other checks
        }
    }
    Ok(lines)
}

/// How many of the words that were `sent` since the mark have a line to themselves; all
/// that were `answered` must have one.
fn judge(
    running: &Running<'_>,
    mark: &mut Mark,
    sent: &[String],
    answered: &[String],
    style: Style<'_>,
    (mixed_up, failure_text): (Diagnosis, &FailureText),
) -> Result<usize, EarlyEnd> {
    let known: HashSet<&str> = sent.iter().map(String::as_str).collect();
    // A reply that nobody asked for is for other checks.
    let is_known = |word: &&String| known.contains(word.as_str());
    let answered: Vec<String> = answered.iter().filter(is_known).cloned().collect();
    let lines = wait_for(running, &answered, mark);
    let seen = on_lines(&lines, &known, style)
        .map_err(|why| mixed_up.of(failure_text).broken(why))?;
    let Some(missing) = answered.iter().find(|word| !seen.contains(word.as_str())) else {
        return Ok(seen.len());
    };
    let errors = running.server.lines(Stream::Stderr);
    if errors.iter().any(|line| line.contains(missing.as_str())) {
        return Err(ON_STANDARD_ERROR.of(failure_text).broken(format!(
            "no line of standard output holds {missing}; a line of standard error does"
        )));
    }
    Err(failure_text.silent(format!(
        "{missing} was answered, and no line of standard output holds it"
    )))
}

/// The lines of standard output since the mark, once each word is among them, or no more
/// come.
fn wait_for(running: &Running<'_>, words: &[String], mark: &mut Mark) -> Vec<String> {
    let mut vigil = running.vigil();
    let mut missing: HashSet<_> = words.iter().map(String::as_str).collect();
    let mut lines = Vec::new();
    loop {
        let new = running.server.new_lines(Stream::Stdout, mark);
        for word in new.iter().flat_map(|line| words_of(line)) {
            missing.remove(word);
        }
        lines.extend(new);
        if missing.is_empty() || vigil.slept() > NO_MORE || vigil.is_over().is_some() {
            return lines;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
