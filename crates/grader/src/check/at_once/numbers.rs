//! A meeting of one number counts nobody who waits for another number.

use super::{NOBODY_COMES, meeting::is_met, send_meet, wait};
use crate::test_client::TestClient;
use crate::{early_end::EarlyEnd, early_end::FailureText, running::Running};

/// One more than come.
const OTHER: &str = "3";

/// The first client is in a MEET of all; the two behind it ask for a meeting of three.
pub(super) fn are_apart(
    running: &Running<'_>,
    test_clients: &mut [TestClient],
) -> Result<(), EarlyEnd> {
    let clients = test_clients.len();
    let Some(others) = test_clients.get_mut(1..3).filter(|_| clients > 3) else {
        return Ok(());
    };
    let failure_text = failure_text(clients);
    for other in others.iter_mut() {
        send_meet(other, OTHER, &failure_text)?;
    }
    wait(running, others, NOBODY_COMES);
    for other in others {
        // Any other answer ends a meeting early, and is for others to judge.
        if other.has_something() && other.reply().is_ok_and(|reply| is_met(&reply)) {
            return Err(failure_text.broken("one of the two got `+MET`"));
        }
    }
    Ok(())
}

fn failure_text(clients: usize) -> FailureText {
    FailureText::new(
        format!("one client sent MEET {clients}, and two others sent MEET {OTHER}"),
        format!("nobody gets `+MET` before {OTHER} clients are in MEET {OTHER}"),
        "the clients in MEET are counted wrong",
        &["one count for the meetings of all numbers"],
    )
}
