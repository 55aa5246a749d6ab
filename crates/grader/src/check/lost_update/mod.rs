//! A counter that many clients raise at the same time: no value may come twice.
//! `judging.rs` decides from the replies whether one does, and `diagnoses.rs` says what
//! that means.

mod diagnoses;
mod judging;

use std::time::{Duration, Instant};

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    expectation::Expectation,
    nonce::nonce,
    rounds::{Effort, Rounds},
    running::Running,
    shake::shaken,
    test_client::{TestClient, Trouble},
    workbench::Workbench,
};

use super::{
    burst::{self, Burst},
    diagnosis::{Diagnoses, SIDE_BY_SIDE, unserved},
    overtaken::rise,
};
use diagnoses::{OF_THE_SLEEP, failure_text};
use judging::judge;

const CLIENTS: usize = 8;
/// How often each client raises the counter in the first round, and in any: a quick
/// server gets more to do, so that its threads are at work side by side for long enough.
const FIRST: usize = 500;
const MOST: usize = 3000;
const QUICK: Duration = Duration::from_millis(150);
/// Requests of each client where they are sent one by one.
const SINGLES: usize = 200;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let raised = workbench
        .with_busy_servers(|running, effort| raise(workbench, running, effort))?;
    Ok(format!("no update of {raised} was lost"))
}

/// Raises fresh counters, round after round; gives how often.
fn raise(
    workbench: &Workbench<'_>,
    running: &mut Running<'_>,
    effort: Effort,
) -> Result<usize, EarlyEnd> {
    if workbench.shared.expectation.is_serial() {
        return in_turn(running); // nothing of it runs side by side
    }
    if !burst::takes_bursts(workbench, running, MOST) {
        return one_by_one(workbench, running, effort);
    }
    let mut raised = at_once(workbench, running, FIRST)?;
    // The narrowest window of all checks: it is worth the most time. A limit takes two
    // clients at a time, and so twice as long for the same; a Python server's threads
    // already take turns all the time.
    let shared = workbench.shared;
    let is_quick =
        shared.expectation == Expectation::Concurrent && shared.tight.is_none();
    let worth = if is_quick { 4 } else { 2 };
    let mut rounds = Rounds::new(running.pulse(), worth * effort.lasts, effort.rounds);
    let mut times = FIRST;
    while let Some(_turn) = rounds.turn(workbench) {
        let start = Instant::now();
        // Who is stopped in the middle of a call may take that for an error: only what
        // was counted counts then, and a crash.
        match shaken(running, || at_once(workbench, running, times)) {
            Ok(more) => raised += more,
            Err(EarlyEnd::Broken(failure))
                if !failure.is_lost || running.has_crashed() =>
            {
                return Err(EarlyEnd::Broken(failure));
            }
            Err(_) => break,
        }
        if start.elapsed() < QUICK {
            times = (2 * times).min(MOST);
        }
    }
    Ok(raised)
}

/// Clients of a server that has one thread, each after the other.
fn in_turn(running: &Running<'_>) -> Result<usize, EarlyEnd> {
    let failure_text = failure_text(1, "", CLIENTS * SINGLES);
    let counter = nonce();
    let mut values = Vec::new();
    for _ in 0..CLIENTS {
        let unserved = unserved(&failure_text);
        let mut test_client = running.test_client(&unserved, "a client")?;
        for _ in 0..SINGLES {
            values.push(raise_once(&mut test_client, &counter, &failure_text)?);
        }
    }
    // Counted as one client's values, they are nobody's own: the last is never asked.
    judge(values, CLIENTS * SINGLES, &failure_text, || Ok(1))
}

/// All requests lie there before the first is done: where there is SLEEP, the clients
/// begin together after a short one.
fn at_once(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    times: usize,
) -> Result<usize, EarlyEnd> {
    let (mut sleep, mut raises, mut before) = (Burst::default(), Burst::default(), "");
    if workbench.shared.commands.know("SLEEP") {
        sleep.sleep();
        before = "SLEEP 20ms, and then ";
    }
    let first_text = failure_text(workbench.at_once(CLIENTS), before, times);
    let mut test_clients = burst::clients(workbench, running, CLIENTS, &first_text)?;
    let failure_text = failure_text(test_clients.len(), before, times);
    let trouble = |diagnoses: &Diagnoses, what, trouble: Trouble| {
        diagnoses.trouble(&failure_text, what, &trouble)
    };
    let counter = nonce();
    (0..times).for_each(|_| raises.raise(&counter));
    for test_client in &mut test_clients {
        let sent = sleep.send_with(&raises, test_client);
        sent.map_err(|why| trouble(&SIDE_BY_SIDE, "a client's INCRs", why))?;
    }
    let mut values = Vec::with_capacity(test_clients.len() * times);
    for test_client in &mut test_clients {
        let slept = sleep.replies(test_client);
        let what = "the SLEEP in front of the INCRs";
        slept.map_err(|why| trouble(&OF_THE_SLEEP, what, why))?;
        let replies = raises.replies(test_client);
        let of_raises = |why| trouble(&SIDE_BY_SIDE, "one of the INCRs", why);
        values.extend(replies.map_err(of_raises)?);
    }
    let raised = judge(values.clone(), times, &failure_text, || {
        drop(test_clients);
        afterwards(running, &counter, &failure_text)
    })?;
    // Where updates are lost, the counter itself falls.
    rise(&values, times, &failure_text).map(|()| raised)
}

/// Each client sends one request, then all replies are read, again and again.
fn one_by_one(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    effort: Effort,
) -> Result<usize, EarlyEnd> {
    let mut rounds = effort.rounds(running.pulse());
    let mut raised = 0;
    while let Some(_turn) = rounds.turn(workbench) {
        let first_text = failure_text(workbench.at_once(CLIENTS), "", SINGLES);
        let mut test_clients = burst::clients(workbench, running, CLIENTS, &first_text)?;
        let failure_text = failure_text(test_clients.len(), "", SINGLES);
        let counter = nonce();
        let mut values = Vec::new();
        for _ in 0..SINGLES {
            for test_client in &mut test_clients {
                let sent = test_client.send(&["INCR", &counter]);
                sent.map_err(|trouble| of_an_incr(&failure_text, &trouble))?;
            }
            for test_client in &mut test_clients {
                values.push(integer(test_client, &failure_text)?);
            }
        }
        raised += judge(values, SINGLES, &failure_text, || {
            drop(test_clients);
            afterwards(running, &counter, &failure_text)
        })?;
    }
    Ok(raised)
}

/// What a client gets that comes after the others: only a counter of its own begins
/// again.
fn afterwards(
    running: &Running<'_>,
    counter: &str,
    failure_text: &FailureText,
) -> Result<i64, EarlyEnd> {
    let mut last = running.test_client(failure_text, "a client that came afterwards")?;
    raise_once(&mut last, counter, failure_text)
}

fn raise_once(
    test_client: &mut TestClient,
    counter: &str,
    failure_text: &FailureText,
) -> Result<i64, EarlyEnd> {
    let sent = test_client.send(&["INCR", counter]);
    sent.map_err(|trouble| of_an_incr(failure_text, &trouble))?;
    integer(test_client, failure_text)
}

fn integer(
    test_client: &mut TestClient,
    failure_text: &FailureText,
) -> Result<i64, EarlyEnd> {
    let mut one = Burst::default();
    one.raise("");
    let values = one.replies(test_client);
    let values = values.map_err(|trouble| of_an_incr(failure_text, &trouble))?;
    Ok(values.first().copied().unwrap_or_default())
}

fn of_an_incr(failure_text: &FailureText, trouble: &Trouble) -> EarlyEnd {
    SIDE_BY_SIDE.trouble(failure_text, "an INCR", trouble)
}
