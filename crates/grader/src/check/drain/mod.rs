//! SIGTERM while a request runs: it is finished and answered, and nobody new is let in.
//!
//! `program.rs` does the same with a program. `diagnoses.rs` says what it means that one
//! of these does not happen.

mod diagnoses;
mod program;

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use super::diagnosis::{SIDE_BY_SIDE, unserved};
use diagnoses::{
    CUT_OFF, CUT_SHORT, ENDS_BUT_FOR_ITSELF, GOES_ON, LEFT_WAITING, NO_ANSWER, NO_END,
};
use program::answers_a_program;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::{Peeked, TestClient, Trouble},
    workbench::Workbench,
};

/// Between the last request before SIGTERM and the signal.
const SETTLED: Duration = Duration::from_millis(100);
/// Between two new clients.
const PAUSE: Duration = Duration::from_millis(50);
const STEP: Duration = Duration::from_millis(2);
/// For how many looks the last new client has to wait before it counts as turned away.
const WAITED: u32 = 100;
/// Between two requests of a client that goes on asking: a server that has shut its side
/// for reading sees the end meanwhile.
const BREATH: Duration = Duration::from_millis(20);
/// How many of its requests may be answered after SIGTERM: fifteen seconds of breaths.
const ANSWERED: usize = 750;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    thread::scope(|scope| {
        // A program takes a second, and A's SLEEP more: side by side they take no longer.
        let asking = || {
            ends_although_a_client_asks(workbench)?;
            answers_a_program(workbench)
        };
        let beside = thread::Builder::new().spawn_scoped(scope, asking);
        let seen = watch_patiently(workbench);
        let end = match beside.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(end)) => end,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => asking(),
        };
        match (seen, end) {
            // One that answers for seconds after SIGTERM has had its time to stop.
            (Err(EarlyEnd::Silent(failure)), Err(EarlyEnd::Broken(_))) => {
                Err(EarlyEnd::Broken(failure))
            }
            (Err(early_end), _) => Err(early_end),
            (Ok(note), end) => end.map(|()| note),
        }
    })
}

fn watch_patiently(workbench: &Workbench<'_>) -> Outcome {
    match watch(workbench, Duration::from_millis(1500), SETTLED) {
        // A server that a stalled machine did not let read A's request need not answer
        // it, and one that looks for its stop now and then may take a while: once more,
        // with more time.
        Err(EarlyEnd::Broken(_) | EarlyEnd::Silent(_)) => {
            watch(workbench, Duration::from_secs(4), Duration::from_secs(1))
                .map_err(EarlyEnd::seen_once)
        }
        seen => seen,
    }
}

/// What became of the clients that came after SIGTERM.
enum Newcomers {
    TurnedAway,
    /// This many were answered, and the last one did not wait.
    Served(usize),
}

/// A sleeps for `hold`; the signal is sent `settled` after A's request.
fn watch(workbench: &Workbench<'_>, hold: Duration, settled: Duration) -> Outcome {
    let long = format!("{}ms", hold.as_millis());
    let failure_text = FailureText::new(
        format!("A sent SLEEP {long}; then SIGTERM; then new clients came, one by one"),
        "after a while a new client is turned away; A gets its answer; exit 0",
        "a stop loses replies, or the server never stops",
        &["no handler for SIGTERM"],
    );
    workbench.with_server(|running| {
        let mut a = running.served_client(&unserved(&failure_text), "A")?;
        a.let_sleep(hold);
        let since = Instant::now();
        let sent = a.send(&["SLEEP", &long]);
        sent.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
        // A request that runs must be answered; one that is still on its way need not be.
        thread::sleep(settled);
        let is_answered = a.has_something();
        running.terminate();
        let mut waiting = None;
        let newcomers = newcomers(running, workbench.echo(), hold, &a, &mut waiting);
        a.expect(&Reply::ok())
            .map_err(|trouble| of_a(&failure_text, &trouble))?;
        // A slow machine makes an answer later, and never sooner.
        let after = since.elapsed();
        if after < hold / 2 && !is_answered {
            return Err(CUT_SHORT.of(&failure_text).broken(format!(
                "A's SLEEP {long} was answered {} ms after it was sent",
                after.as_millis()
            )));
        }
        if let Newcomers::Served(served) = newcomers {
            return Err(GOES_ON.of(&failure_text).broken(format!(
                "{served} new clients came after SIGTERM, and were answered while A \
                 waited"
            )));
        }
        if let Some(newcomer) = &mut waiting {
            is_turned_away(newcomer, &failure_text)?;
        }
        running.expect_exit(&NO_END.of(&failure_text))?;
        Ok("A was answered, new clients were turned away, exit 0".to_owned())
    })
}

/// A's request ran when the signal came.
fn of_a(failure_text: &FailureText, trouble: &Trouble) -> EarlyEnd {
    let what = "A's SLEEP";
    match trouble {
        Trouble::Silent { .. } => NO_ANSWER.of(failure_text).trouble(what, trouble),
        // The cause is the signal, and no time limit.
        Trouble::Closed { .. } => {
            CUT_OFF.of(failure_text).broken(format!("{what} {trouble}"))
        }
        _ => SIDE_BY_SIDE.trouble(failure_text, what, trouble),
    }
}

/// A flag that is looked at only once a client is silent is not seen beside one that
/// asks again and again.
fn ends_although_a_client_asks(workbench: &Workbench<'_>) -> Result<(), EarlyEnd> {
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!("A sent {echo} again and again; then SIGTERM; A went on"),
        "A's connection ends; exit 0",
        "a client that goes on asking keeps the server from stopping",
        &["a flag that is looked at only when a read times out: look before each read"],
    );
    workbench.with_server(|running| {
        let mut a = running.served_client(&failure_text, "A")?;
        running.terminate();
        for _ in 0..ANSWERED {
            if a.round_trip(echo).is_err() {
                return running.expect_exit(&ENDS_BUT_FOR_ITSELF.of(&failure_text));
            }
            thread::sleep(BREATH);
        }
        Err(failure_text.broken(format!(
            "{ANSWERED} of A's requests were answered after SIGTERM, one after another"
        )))
    })
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

/// New clients come one at a time until A has something. One that came before the signal
/// was handled may be served: what counts is that one is turned away, or waits, at last.
fn newcomers(
    running: &Running<'_>,
    echo: &str,
    hold: Duration,
    a: &TestClient,
    waiting: &mut Option<TestClient>,
) -> Newcomers {
    let mut served = 0;
    let mut vigil = running.vigil().allowing(hold);
    // Once A has its reply the server may be gone: that turns nobody away.
    let turned_away = |served| match a.has_something() && served > 0 {
        true => Newcomers::Served(served),
        false => Newcomers::TurnedAway,
    };
    while !a.has_something() && vigil.is_over().is_none() {
        thread::sleep(PAUSE);
        let Ok(mut newcomer) = newcomer(running, echo) else {
            return turned_away(served);
        };
        let mut looks = 0;
        while !a.has_something() && !newcomer.has_something() && vigil.is_over().is_none()
        {
            looks += 1;
            thread::sleep(STEP);
        }
        match newcomer.peeked() {
            Peeked::TheEnd => return turned_away(served),
            Peeked::Bytes => {
                served += 1;
                let _ = newcomer.reply();
            }
            Peeked::Nothing => {
                *waiting = Some(newcomer);
                return match looks >= WAITED || served == 0 {
                    true => Newcomers::TurnedAway,
                    false => Newcomers::Served(served),
                };
            }
        }
    }
    match served {
        0 => Newcomers::TurnedAway,
        _ => Newcomers::Served(served),
    }
}

fn newcomer(running: &Running<'_>, echo: &str) -> Result<TestClient, Trouble> {
    let mut newcomer = running.connect()?;
    newcomer.send(&[echo, &nonce()])?;
    Ok(newcomer)
}
