//! The server's contract: it announces where it listens, and ends in order.

use crate::{
    halt::{Claim, Outcome},
    lab::Lab,
};

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let claim = Claim::new(
        format!(
            "started it on a free port; A sent {}, and left; then SIGTERM",
            lab.echo()
        ),
        "its first line is `listening on ADDR`; A is answered there; it exits 0",
        "a script can neither find it nor stop it in order",
        "no handler for SIGTERM, or an accept that no signal ends",
    );
    let mut running = lab.start()?;
    let mut a = running.peer(&claim, "A")?;
    a.round_trip(lab.echo())
        .map_err(|trouble| claim.trouble("A's request", &trouble))?;
    drop(a);
    running.terminate();
    running.expect_exit(&claim)?;
    Ok("announced, answered, ended with status 0".to_owned())
}
