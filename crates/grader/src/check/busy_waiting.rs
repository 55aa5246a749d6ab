//! A server that nobody asks anything: it waits, and does not look again and again.

use std::{thread, time::Duration};

use super::diagnosis::unserved;
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    pulse::{Pulse, State},
    running::Running,
    workbench::Workbench,
};

/// Looks at the server in a row, and of how many of them it may be awake to be at rest.
const LOOKS: usize = 20;
const AWAKE: usize = 5;
const STEP: Duration = Duration::from_millis(5);
/// Longer than all of the rows.
const LASTS: &str = "5s";
const SLEEP: &str = "SLEEP";
/// Rows of looks; a server comes to rest in one of them.
const ROWS: usize = 20;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.with_server(|running| {
        let failure_text = failure_text("A was served and stayed, silent");
        let a = running.served_client(&unserved(&failure_text), "A")?;
        comes_to_rest(running, &failure_text)?;
        drop(a);
        comes_to_rest(
            running,
            &self::failure_text("A was served and left; no client is connected"),
        )?;
        let mut failure_text =
            self::failure_text("A was served, shut its sending side, and stayed");
        let a = running.served_client(&unserved(&failure_text), "A")?;
        a.finish_sending();
        comes_to_rest(running, &failure_text)?;
        drop(a);
        failure_text = self::failure_text("nobody was there");
        comes_to_rest(running, &failure_text)?;
        match workbench.shared.commands.know("SLEEP") {
            true => sleeps_in_a_sleep(running),
            false => Ok(()),
        }
    })?;
    Ok("it slept while no client asked".to_owned())
}

/// A request to do nothing for some time.
fn sleeps_in_a_sleep(running: &Running<'_>) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        format!("A sent {SLEEP} {LASTS}, and nobody else was there"),
        "the server sleeps until the time is over",
        "a request to sleep keeps a core busy, which other clients then lack",
        &["a loop that looks at the clock until the time is over: sleep instead"],
    );
    let mut a = running.test_client(&unserved(&failure_text), "A")?;
    a.send(&[SLEEP, LASTS])
        .map_err(|trouble| failure_text.trouble("it", &trouble))?;
    comes_to_rest(running, &failure_text)
}

pub(super) fn failure_text(did: &str) -> FailureText {
    FailureText::new(
        did,
        "the server sleeps until a client asks",
        "it keeps a core busy, which other programs on the machine then lack",
        &[
            "a loop around a call that does not block",
            "a read that returns 0 at the end of input, again and again",
            "a socket that is always ready in select or poll",
            "a loop that waits for a flag",
        ],
    )
}

pub(super) fn comes_to_rest(
    running: &Running<'_>,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    if is_at_rest(running) {
        return Ok(());
    }
    Err(failure_text.silent(format!(
        "its threads were running, or waiting for a core, in {ROWS} series of {LOOKS} \
         samples"
    )))
}

/// A thread that uses the CPU is running, or waits for a core, at nearly every look,
/// whatever the load of the machine.
pub(super) fn is_at_rest(running: &Running<'_>) -> bool {
    (0..ROWS).any(|_| awake(running.pulse()) <= AWAKE)
}

/// At how many looks it was awake.
fn awake(pulse: Pulse) -> usize {
    let look = |_: &usize| {
        thread::sleep(STEP);
        pulse.state() == State::Awake
    };
    (0..LOOKS).filter(look).count()
}
