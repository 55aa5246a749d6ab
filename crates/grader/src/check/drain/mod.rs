//! SIGTERM while a request runs: it is finished and answered, and nobody new is let in.
//!
//! `newcomers.rs` sends new clients after the signal. `program.rs` does the same with a
//! program. `diagnoses.rs` says what it means that one of these does not happen.

mod diagnoses;
mod newcomers;
mod program;

use std::{
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use proto::Reply;

use super::diagnosis::{SIDE_BY_SIDE, unserved};
use diagnoses::{CUT_OFF, CUT_SHORT, ENDS_BUT_FOR_ITSELF, NO_ANSWER, NO_END};
use program::answers_a_program;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    test_client::{TestClient, Trouble},
    workbench::Workbench,
};

/// Between the last request before SIGTERM and the signal.
const SETTLED: Duration = Duration::from_millis(100);
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

/// A sleeps for `hold`; the signal is sent `settled` after A's request.
fn watch(workbench: &Workbench<'_>, hold: Duration, settled: Duration) -> Outcome {
    let echo = workbench.echo();
    let is_alone = workbench.at_once(2) < 2;
    let long = format!("{}ms", hold.as_millis());
    let failure_text = failure_text(&long, (!is_alone).then_some(echo));
    workbench.with_server(|running| {
        let mut a = running.served_client(&unserved(&failure_text), "A")?;
        a.let_sleep(hold);
        let since = Instant::now();
        a.send(&["SLEEP", &long])
            .map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
        let b = match is_alone {
            true => None,
            false => newcomers::one(running, echo).ok(),
        };
        // A request that runs must be answered; one that is still on its way need not be.
        thread::sleep(settled);
        // Where B is not served, it leaves before the signal.
        let b = b.filter(TestClient::has_something);
        let is_answered = a.has_something();
        running.terminate();
        let _leaving = b.map(|b| Leaving::after(hold / 2, b));
        let came = newcomers::come(running, echo, hold, &a);
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
        came.are_turned_away(&failure_text)?;
        running.expect_exit(&NO_END.of(&failure_text))?;
        Ok("A was answered, new clients were turned away, exit 0".to_owned())
    })
}

/// A client that leaves while A waits: A has to be waited for all the same.
struct Leaving(Option<JoinHandle<()>>);

impl Leaving {
    fn after(time: Duration, client: TestClient) -> Self {
        let leave = move || {
            thread::sleep(time);
            drop(client);
        };
        Self(thread::Builder::new().spawn(leave).ok())
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        // What it does cannot fail.
        let _ = self.0.take().map(JoinHandle::join);
    }
}

/// B's request, if there is a B.
fn failure_text(long: &str, b: Option<&str>) -> FailureText {
    let did = match b {
        Some(echo) => format!(
            "A sent SLEEP {long}; B sent {echo}; then SIGTERM; then B left, and new \
             clients came, one by one"
        ),
        None => format!(
            "A sent SLEEP {long}; then SIGTERM; then new clients came, one by one"
        ),
    };
    FailureText::new(
        did,
        "after a while a new client is turned away; A gets its answer; exit 0",
        "a stop loses replies, or the server never stops",
        &["no handler for SIGTERM"],
    )
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
