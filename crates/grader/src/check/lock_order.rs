//! Clients that ask for different things at once: no two of them may wait for each other.

use std::time::{Duration, Instant};

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    rounds::{Effort, Rounds},
    running::Running,
    shake::shaken,
    test_client::{TestClient, Trouble},
    workbench::Workbench,
};

use super::{
    burst::{self, Burst},
    diagnosis::{Diagnoses, Diagnosis, MIXED_UP, SIDE_BY_SIDE},
};

/// Nothing came, although the server's threads had something to do.
const DIAGNOSES: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a request beside those of other clients gets no answer",
        causes: &[
            "two locks that are taken in opposite orders",
            "a lock that is not released on every path",
            "a reply that goes to another client (see cross-talk)",
        ],
    },
    ..SIDE_BY_SIDE
};

/// Nothing came, and before it replies that were not due.
const ASTRAY: Diagnosis = Diagnosis {
    means: "a request gets no answer, and replies go to another client or request",
    causes: MIXED_UP,
};

const CLIENTS: usize = 8;
/// Pairs of requests of each client in the first round, and in any: a quick server gets
/// more.
const PAIRS: usize = 100;
const MOST: usize = 400;
const QUICK: Duration = Duration::from_millis(150);

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    let answered = workbench
        .with_busy_servers(|running, effort| mixed(workbench, running, effort))?;
    Ok(format!("{answered} requests of two kinds, all answered"))
}

/// Half of the clients send INCR, the others ECHO, each one request at a time.
fn one_by_one(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    failure_text: &FailureText,
) -> Result<usize, EarlyEnd> {
    let counter = nonce();
    let mut test_clients = burst::clients(workbench, running, CLIENTS, failure_text)?;
    let mut answered = 0;
    for round in 0..PAIRS {
        let mut bursts = Vec::new();
        for (number, test_client) in test_clients.iter_mut().enumerate() {
            let mut one = Burst::default();
            match (round + number) % 2 {
                0 => one.raise(&counter),
                _ => drop(one.echo(workbench.echo())),
            }
            let sent = one.send(test_client);
            sent.map_err(|trouble| unanswered(failure_text, &trouble, 0))?;
            bursts.push(one);
        }
        read(&mut test_clients, &bursts, failure_text)?;
        answered += test_clients.len();
    }
    Ok(answered)
}

fn failure_text(workbench: &Workbench<'_>) -> FailureText {
    let clients = workbench.at_once(CLIENTS);
    let echo = workbench.echo();
    FailureText::new(
        format!("{clients} clients sent INCR and {echo} in turn, side by side"),
        "every request is answered",
        "clients side by side wait for ever, as when two threads wait for each other's \
         lock",
        &[
            "two locks that are taken in opposite orders",
            "a lock that is taken twice by the same thread",
            "a notify before the wait: look at the queue with its lock held, and wait",
            "a lock that is not released on every path",
        ],
    )
}

fn mixed(
    workbench: &Workbench<'_>,
    running: &mut Running<'_>,
    effort: Effort,
) -> Result<usize, EarlyEnd> {
    let failure_text = failure_text(workbench);
    if !burst::takes_bursts(workbench, running, 2 * MOST) {
        return one_by_one(workbench, running, &failure_text);
    }
    let mut test_clients = burst::clients(workbench, running, CLIENTS, &failure_text)?;
    if test_clients.len() < 2 {
        return Err(EarlyEnd::Skipped("B is not served beside A".to_owned()));
    }
    let mut answered = round(workbench, &mut test_clients, PAIRS, &failure_text)?;
    let mut rounds = Rounds::new(running.pulse(), effort.lasts, effort.rounds);
    let mut pairs = PAIRS;
    while let Some(_turn) = rounds.turn(workbench) {
        let start = Instant::now();
        match shaken(running, || {
            round(workbench, &mut test_clients, pairs, &failure_text)
        }) {
            Ok(more) => answered += more,
            // Who is stopped in the middle of a call may take that for an error.
            Err(EarlyEnd::Broken(failure))
                if failure.is_lost && !running.has_crashed() =>
            {
                break;
            }
            Err(early_end) => return Err(early_end),
        }
        if start.elapsed() < QUICK {
            pairs = (2 * pairs).min(MOST);
        }
    }
    Ok(answered)
}

/// Each client sends all its pairs, before any reply is read; gives how many were
/// answered.
fn round(
    workbench: &Workbench<'_>,
    test_clients: &mut [TestClient],
    pairs: usize,
    failure_text: &FailureText,
) -> Result<usize, EarlyEnd> {
    let counter = nonce();
    let mut bursts = Vec::new();
    for (number, test_client) in test_clients.iter_mut().enumerate() {
        let mut burst = Burst::default();
        for turn in 0..2 * pairs {
            match (number + turn) % 2 {
                0 => burst.raise(&counter),
                _ => drop(burst.echo(workbench.echo())),
            }
        }
        let sent = burst.send(test_client);
        sent.map_err(|trouble| unanswered(failure_text, &trouble, 0))?;
        bursts.push(burst);
    }
    read(test_clients, &bursts, failure_text)?;
    Ok(2 * pairs * test_clients.len())
}

/// Reads the replies to the bursts of all clients.
fn read(
    test_clients: &mut [TestClient],
    bursts: &[Burst],
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let mut strange = 0;
    let mut asked = test_clients.iter_mut().zip(bursts);
    while let Some((test_client, burst)) = asked.next() {
        let read = burst.any_replies(test_client, &mut strange);
        let Err(trouble) = read else {
            continue;
        };
        if matches!(trouble, Trouble::Silent { .. }) {
            // Its replies may have gone to another client.
            asked.for_each(|(other, burst)| burst.replies_there(other, &mut strange));
        }
        return Err(unanswered(failure_text, &trouble, strange));
    }
    Ok(())
}

/// A request that got no reply. Before it came `strange` replies that were not due.
fn unanswered(failure_text: &FailureText, trouble: &Trouble, strange: usize) -> EarlyEnd {
    let what = "a request of the mixture";
    match trouble {
        Trouble::Silent { .. } if strange > 0 => {
            ASTRAY.of(failure_text).trouble(what, trouble)
        }
        Trouble::Silent { slept: true, .. } => failure_text.trouble(what, trouble),
        _ => DIAGNOSES.trouble(failure_text, what, trouble),
    }
}
