//! A request that is answered long before its time, and a SLEEP of a moment that takes
//! long. On a slow machine an answer comes later, and never sooner: that it comes too
//! soon, a clock can prove.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{STEP, long::Long};
use crate::{
    early_end::{EarlyEnd, FailureText},
    running::Running,
};

/// At how many glances, of a tenth of a second each, the server has to sleep over a SLEEP
/// of a millisecond.
const LONG: u32 = 5;

/// A's request, and when it was sent.
pub(super) struct TooSoon {
    request: String,
    hold: u32,
    sent: Instant,
}

impl TooSoon {
    /// To be called before A sends its request, which takes `hold` seconds.
    pub(super) fn before_sending(request: &str, hold: u32) -> Self {
        Self {
            request: request.to_owned(),
            hold,
            sent: Instant::now(),
        }
    }

    /// Fails where A's answer came in less than half of its time.
    pub(super) fn is_not(&self, long: Long) -> Result<(), EarlyEnd> {
        let after = self.sent.elapsed();
        let due = Duration::from_secs(self.hold.into());
        if after >= due / 2 {
            return Ok(());
        }
        let (request, after) = (&self.request, after.as_millis());
        let failure_text = failure_text(request, due, long);
        Err(failure_text.silent(format!(
            "A's {request} was answered within {after} ms (seen twice, on fresh servers)"
        )))
    }
}

fn failure_text(request: &str, due: Duration, long: Long) -> FailureText {
    let did = format!("A sent {request}");
    let expected = format!("A is answered after {due:?}");
    match long {
        Long::Sleep => FailureText::new(
            did,
            expected,
            "SLEEP does not sleep for its time before it is answered",
            &[
                "a sleep that nobody waits for: an `await` that is missing",
                "a duration whose unit is not read: seconds taken for milliseconds",
                "a reply that is sent before the sleep",
            ],
        ),
        Long::Run => FailureText::new(
            did,
            expected,
            "RUN is answered before its program has ended",
            &[
                "a program that nobody waits for: an `await` that is missing",
                "a wait for any child, which takes the end of another program for this \
                 one's",
            ],
        ),
    }
}

/// Fails where a client alone waits as long for its SLEEP of a moment.
pub(super) fn takes_long_alone(running: &Running<'_>) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        "A sent SLEEP 1ms, and no other client was there",
        "A is answered in a moment",
        "a short SLEEP takes long, even for a client alone",
        &[
            "a duration whose unit is not read: milliseconds taken for seconds",
            "a duration that is rounded up to whole seconds",
        ],
    );
    let mut a = running.test_client(&failure_text, "A")?;
    let sent = a.send(&["SLEEP", "1ms"]);
    sent.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
    let mut vigil = running.vigil();
    while !a.has_something() && vigil.is_over().is_none() {
        thread::sleep(STEP);
    }
    match vigil.slept_in_all() >= LONG {
        true => Err(failure_text.silent(
            "the server slept for half a second and more during A's SLEEP 1ms (seen \
             twice, on fresh servers)",
        )),
        false => Ok(()),
    }
}
