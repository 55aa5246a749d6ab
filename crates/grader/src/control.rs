//! Tells a failed server from a stalled machine, so that no machine costs a student a point.

use crate::{check::Check, halt::Halt, lab::Lab, peer::Trouble, verdict::Verdict};

/// How often a check is held before it is given up as inconclusive.
const TRIES: u32 = 3;

/// Holds a check: what is proven counts at once. That nothing came counts only if a control
/// shows that the machine is alive, or else the check is tried again.
pub(crate) fn judge(check: &Check, lab: &Lab<'_>) -> Verdict {
    let mut reason = String::new();
    for _ in 0..TRIES {
        reason = match (check.run)(lab) {
            Ok(note) => return Verdict::Passed { note },
            Err(Halt::Broken(failure)) => return Verdict::Failed(failure),
            Err(Halt::Skipped(reason)) => return Verdict::Skipped { reason },
            Err(Halt::TimeIsUp) => return time_is_up(),
            // A wait that the end of the grading cut short tells nothing about the server.
            Err(Halt::Silent(_)) if lab.patience().is_err() => return time_is_up(),
            Err(Halt::Silent(failure)) => match lone_client(&Lab::new(lab.shared)) {
                Ok(()) => return Verdict::Failed(failure),
                Err(why) => format!("the host stalled: {why}"),
            },
            Err(Halt::NoServer(error)) => error.to_string(),
        };
    }
    Verdict::Inconclusive {
        reason: format!("{reason} ({TRIES} tries)"),
    }
}

fn time_is_up() -> Verdict {
    let reason = "the time for the whole grading was up".to_owned();
    Verdict::Inconclusive { reason }
}

/// The control: a fresh server, a single client, and an answer of any kind.
///
/// # Errors
///
/// What kept the client from its answer, in words.
pub(crate) fn lone_client(lab: &Lab<'_>) -> Result<(), String> {
    let running = lab.start().map_err(|halt| match halt {
        Halt::NoServer(error) => error.to_string(),
        _ => "the time for the whole grading was up".to_owned(),
    })?;
    let answer = running
        .connect()
        .and_then(|mut client| client.round_trip(lab.echo()));
    match answer {
        Err(trouble @ (Trouble::Silent { .. } | Trouble::NotConnected(_))) => Err(
            format!("a lone client's {} to a fresh server {trouble}", lab.echo()),
        ),
        // A wrong answer is for the checks to judge.
        _ => Ok(()),
    }
}
