//! A server that nobody asks anything: it waits, and does not look again and again.

use std::{thread, time::Duration};

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    pulse::{Pulse, State},
    running::Running,
};

/// Looks at the server in a row, and of how many of them it may be awake to be at rest.
const LOOKS: usize = 20;
const AWAKE: usize = 5;
const STEP: Duration = Duration::from_millis(5);
/// Rows of looks; a server comes to rest in one of them.
const ROWS: usize = 20;

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    lab.with_server(|running| {
        let claim = claim("A was served and stayed, silent");
        let a = running.served_peer(&claim, "A")?;
        comes_to_rest(running, &claim)?;
        drop(a);
        comes_to_rest(
            running,
            &self::claim("A was served and left; no client is connected"),
        )?;
        let mut claim = self::claim("A was served, shut its sending side, and stayed");
        let a = running.served_peer(&claim, "A")?;
        a.finish_sending();
        comes_to_rest(running, &claim)?;
        drop(a);
        claim = self::claim("nobody was there");
        comes_to_rest(running, &claim)
    })?;
    Ok("it slept while no client asked".to_owned())
}

fn claim(did: &str) -> Claim {
    Claim::new(
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

/// Whoever uses the CPU is running, or waits for a core, at nearly every look, whatever the
/// load of the machine.
fn comes_to_rest(running: &Running<'_>, claim: &Claim) -> Result<(), Halt> {
    for _ in 0..ROWS {
        if awake(running.pulse()) <= AWAKE {
            return Ok(());
        }
    }
    Err(claim.silent(format!(
        "its threads were running, or waiting for a core, in {ROWS} series of {LOOKS} samples"
    )))
}

/// At how many looks it was awake.
fn awake(pulse: Pulse) -> usize {
    let look = |_: &usize| {
        thread::sleep(STEP);
        pulse.state() == State::Awake
    };
    (0..LOOKS).filter(look).count()
}
