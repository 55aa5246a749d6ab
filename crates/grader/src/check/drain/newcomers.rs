//! New clients that come after the signal: at last one of them is turned away, or waits.

use std::{thread, time::Duration};

use super::diagnoses::{GOES_ON, LEFT_WAITING};
use crate::{
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    running::Running,
    test_client::{Peeked, TestClient, Trouble},
};

/// Between two new clients.
const PAUSE: Duration = Duration::from_millis(50);
const STEP: Duration = Duration::from_millis(2);
/// For how many looks the last new client has to wait before it counts as turned away.
const WAITED: u32 = 100;

/// What became of the clients that came after SIGTERM.
#[derive(Default)]
pub(super) struct Newcomers {
    /// How many were answered, if none was turned away, or had to wait.
    served: usize,
    /// The last one, who has got nothing yet.
    waiting: Option<TestClient>,
}

/// New clients come one at a time until A has something. One that came before the signal
/// was handled may be served: what counts is that one is turned away, or waits, at last.
pub(super) fn come(
    running: &Running<'_>,
    echo: &str,
    hold: Duration,
    a: &TestClient,
) -> Newcomers {
    let mut came = Newcomers::default();
    let mut vigil = running.vigil().allowing(hold);
    // Once A has its reply the server may be gone: that turns nobody away.
    let turned_away = |came: Newcomers| match a.has_something() {
        true => came,
        false => Newcomers::default(),
    };
    while !a.has_something() && vigil.is_over().is_none() {
        thread::sleep(PAUSE);
        let Ok(mut newcomer) = one(running, echo) else {
            return turned_away(came);
        };
        let mut looks = 0;
        while !a.has_something() && !newcomer.has_something() && vigil.is_over().is_none()
        {
            looks += 1;
            thread::sleep(STEP);
        }
        match newcomer.peeked() {
            Peeked::TheEnd => return turned_away(came),
            Peeked::Bytes => {
                came.served += 1;
                let _ = newcomer.reply();
            }
            Peeked::Nothing => {
                let served = if looks >= WAITED { 0 } else { came.served };
                let waiting = Some(newcomer);
                return Newcomers { served, waiting };
            }
        }
    }
    came
}

/// A new client that has sent a request.
pub(super) fn one(running: &Running<'_>, echo: &str) -> Result<TestClient, Trouble> {
    let mut newcomer = running.connect()?;
    newcomer.send(&[echo, &nonce()])?;
    Ok(newcomer)
}

impl Newcomers {
    /// Fails if all of them were answered, or one waits on now that A has its reply.
    pub(super) fn are_turned_away(
        self,
        failure_text: &FailureText,
    ) -> Result<(), EarlyEnd> {
        if self.served > 0 {
            return Err(GOES_ON.of(failure_text).broken(format!(
                "{} new clients came after SIGTERM, and were answered while A waited",
                self.served
            )));
        }
        self.waiting.map_or(Ok(()), |mut newcomer| {
            is_turned_away(&mut newcomer, failure_text)
        })
    }
}

/// The last new client waited while A was served: now it must be closed.
fn is_turned_away(
    newcomer: &mut TestClient,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    match newcomer.reply() {
        Ok(_) => Err(GOES_ON.of(failure_text).broken(
            "a client that came after SIGTERM waited for A's reply, and then was \
             answered",
        )),
        Err(Trouble::Silent { .. }) => Err(LEFT_WAITING
            .of(failure_text)
            .silent("a client that came after SIGTERM is neither answered nor closed")),
        Err(_) => Ok(()), // what is wrong shows at the server's exit
    }
}
