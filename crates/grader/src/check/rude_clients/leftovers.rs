//! What is left of clients that were rude: no open connection, and no work.

use super::TIMES;
use crate::{
    check::{
        busy_waiting,
        kept::{Kept, Kind, NOT_REAPED},
        many_clients::{come_and_leave, only_open, still_kept},
    },
    early_end::{EarlyEnd, FailureText},
    pulse::Holdings,
    running::Running,
    workbench::Workbench,
};

/// Kept by as many of one kind, it is kept by all.
const LEAK: usize = TIMES / 2;

/// What the server holds once it has served a client and rests: it may still be starting
/// its workers when it prints its first line.
pub(super) fn at_rest(workbench: &Workbench<'_>, running: &Running<'_>) -> Holdings {
    // What is wrong without rude clients is for other checks.
    let _ = rests_after_one(workbench, running, &FailureText::new("", "", "", &[]));
    running.pulse().holdings()
}

/// Serves a polite client; whether the server is at rest then.
fn rests_after_one(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    failure_text: &FailureText,
) -> Result<bool, EarlyEnd> {
    come_and_leave(workbench, running, 1, failure_text)?;
    Ok(busy_waiting::is_at_rest(running))
}

/// Of clients that were rude and left the server keeps no descriptor, and asks no more.
pub(super) fn nothing_is_left(
    running: &Running<'_>,
    before: Holdings,
) -> Result<(), EarlyEnd> {
    let did = format!("rude clients came and left, {TIMES} of each kind");
    busy_waiting::comes_to_rest(running, &busy_waiting::failure_text(&did))?;
    if let Some(kept) = still_open(running, before) {
        let causes: &[&str] = match kept.kind {
            Kind::Processes => &[NOT_REAPED],
            _ => &[
                "a connection that is not closed on every way out, such as after a reset",
                "a connection that is closed only after a reply, or at the end of input",
            ],
        };
        let means =
            "the server keeps something of clients that have left, until it has no more";
        let due = "the server keeps nothing of a client that has left";
        let text = FailureText::new(did, due, means, causes);
        return Err(text.silent(format!("{kept} after they had left")));
    }
    Ok(())
}

/// Whether the server keeps descriptors, or is at work, after polite clients too.
pub(super) fn of_polite_clients(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
) -> Result<bool, EarlyEnd> {
    let failure_text = FailureText::new("", "", "", &[]);
    if !rests_after_one(workbench, running, &failure_text)? {
        return Ok(true);
    }
    let before = running.pulse().holdings();
    come_and_leave(workbench, running, TIMES, &failure_text)?;
    Ok(still_open(running, before).is_some())
}

/// Threads of a pool may have come meanwhile.
fn still_open(running: &Running<'_>, before: Holdings) -> Option<Kept> {
    let now = running.pulse().holdings();
    still_kept(running, &only_open(&before, now), LEAK)
}
