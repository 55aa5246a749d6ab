//! SIGTERM while a request runs: it is finished and answered, and nobody new is let in.

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::{Lab, Running},
    nonce::nonce,
    peer::{Peer, Trouble},
};

/// Between two new clients.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    match watch(lab, 1, Duration::from_millis(100)) {
        // A server that a stalled machine did not let read A's request need not answer it:
        // once more, with more time for it.
        Err(Halt::Broken(_) | Halt::Silent(_)) => watch(lab, 4, Duration::from_secs(1)),
        seen => seen,
    }
}

/// `hold` in seconds; the signal is sent `settled` after A's request.
fn watch(lab: &Lab<'_>, hold: u32, settled: Duration) -> Outcome {
    let claim = Claim::new(
        format!("A sent SLEEP {hold}s; then SIGTERM; then new clients came, one by one"),
        "at last a new client is turned away; A is answered; exit 0",
        "a stop of the server costs its clients their replies",
        "no handler for SIGTERM, one that exits at once, or threads that nobody joins",
    );
    let mut running = lab.start()?;
    let mut a = running.peer(&claim, "A")?;
    let first = a.round_trip(lab.echo());
    first.map_err(|trouble| claim.trouble("A's first request", &trouble))?;
    let sent = a.send(&["SLEEP", &format!("{hold}s")]);
    sent.map_err(|trouble| claim.trouble("A's SLEEP", &trouble))?;
    // A request that runs must be answered; one that is still on its way need not be.
    thread::sleep(settled);
    running.terminate();
    newcomers_are_turned_away(lab, &running, &a, &claim)?;
    if let Err(trouble) = a.expect(&Reply::ok()) {
        let halt = claim.trouble("A's SLEEP", &trouble);
        return Err(running.with_its_end(halt));
    }
    running.expect_exit(&claim)?;
    Ok("A was answered, new clients were turned away, exit 0".to_owned())
}

/// New clients keep coming until A's reply is in. One that came before the signal was handled
/// may be served, or wait for it: what counts is that one is turned away at last.
fn newcomers_are_turned_away(
    lab: &Lab<'_>,
    running: &Running<'_>,
    a: &Peer,
    claim: &Claim,
) -> Result<(), Halt> {
    let mut waiting = Vec::new();
    let mut served = 0;
    let end = Instant::now() + lab.patience()?;
    while !a.has_something() {
        if end < Instant::now() {
            return Ok(()); // A's reply is what is missing
        }
        thread::sleep(PAUSE);
        match newcomer(running, lab.echo()) {
            Ok(newcomer) => waiting.push(newcomer),
            Err(_) => return Ok(()),
        }
        for mut newcomer in waiting.extract_if(.., |newcomer| newcomer.has_something()) {
            match newcomer.reply() {
                Ok(_) => served += 1,
                Err(_) => return Ok(()),
            }
        }
    }
    // Who waits in the backlog of a server that has its hands full is told at its exit.
    match waiting.pop().map(|mut last| last.reply()) {
        Some(Err(trouble @ Trouble::Silent { .. })) => {
            Err(claim.trouble("the last new client's request", &trouble))
        }
        Some(Err(_)) => Ok(()),
        _ => Err(claim.broken(format!(
            "new clients were served until A's reply was in ({} of them), and after it",
            served + 1
        ))),
    }
}

fn newcomer(running: &Running<'_>, echo: &str) -> Result<Peer, Trouble> {
    let mut newcomer = running.connect()?;
    newcomer.send(&[echo, &nonce()])?;
    Ok(newcomer)
}
