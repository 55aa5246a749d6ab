//! Clients that break off, talk nonsense or promise too much (`acts.rs`), each again and
//! again; then one that behaves, what is left of the others (`leftovers.rs`), and the end
//! of the server.

mod acts;
mod leftovers;

use std::time::{Duration, Instant};

use acts::{ACTS, Rude};

use proto::Reply;

use super::{
    at_once::waits_for_a_place,
    diagnosis::{CLOSED_TWICE_CAUSE, Diagnosis},
};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    expectation::Expectation,
    running::Running,
    test_client::Trouble,
    workbench::Workbench,
};

/// Where B gets something else than its reply.
const LEFTOVER: Diagnosis = Diagnosis {
    means: "what is left of one client reaches the next one",
    causes: &[
        "a buffer that outlives its client: each client needs one of its own",
        "a worker that keeps its reader, or its queue of replies, for the next client",
        "one variable for the accepted connection, shared by all threads",
    ],
};

/// Where B gets an error.
const ERROR: Diagnosis = Diagnosis {
    means: "after a client that misbehaves the next one gets an error",
    causes: &[
        "a buffer that outlives its client: what is left in it is an error for the next",
        "a worker, or a place under a limit, that is not released on every path",
    ],
};

/// Where B's connection is closed.
const CLOSED: Diagnosis = Diagnosis {
    means: "after a client that misbehaves the next one loses its connection",
    causes: &[
        "an unwrap, or an exception that nobody catches, on what a client sent",
        CLOSED_TWICE_CAUSE,
        "SIGPIPE, which ends a program that does not ignore it",
        "a lock poisoned by a panic, or kept by a thread that died",
        "a worker, or a place under a limit, that is not released on every path",
        "a buffer that outlives its client: what is left in it is an error for the next",
    ],
};

/// Where B gets nothing, although it did after the first such client: what each of them
/// keeps runs out.
const USED_UP: Diagnosis = Diagnosis {
    means: "each such client keeps something, until nothing is left for the others",
    causes: &[
        "a worker, or a place under a limit, that is not released on every path",
        "an unwrap, or an exception that nobody catches, which ends its worker",
        "a connection or a thread that is not given back: its number is limited",
    ],
};

/// How often each is done: a worker or a place that is lost each time is missed then.
const TIMES: usize = 20;
/// Acts go on for so long at most; B is served in any case.
const LASTS: Duration = Duration::from_secs(8);

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let (left, kept, end) = workbench.with_server(|running| {
        let before = leftovers::at_rest(workbench, running);
        be_rude(workbench, running)?;
        let left = leftovers::nothing_is_left(running, before);
        let left = left.map_err(|end| with_its_end(running, end));
        let before = "rude clients came and left; then ";
        Ok((
            left,
            keeps_its_limit(workbench, running, before)
                .map_err(|end| with_its_end(running, end)),
            ends_in_order(running),
        ))
    })?;
    // What is wrong without them too is failed by other checks.
    if let Err(early_end) = left
        && !workbench
            .with_server(|running| leftovers::of_polite_clients(workbench, running))?
    {
        return Err(early_end);
    }
    if let Err(early_end) = kept
        && workbench
            .with_server(|running| Ok(keeps_its_limit(workbench, running, "").is_ok()))?
    {
        return Err(early_end);
    }
    if let Err(early_end) = end
        && workbench.with_server(|running| {
            let is_served = b_is_served(workbench, running, "nothing", 1).is_ok();
            Ok(is_served && ends_in_order(running).is_ok())
        })?
    {
        return Err(early_end);
    }
    let acts: Vec<_> = ACTS.iter().map(|(act, _)| *act).collect();
    Ok(format!(
        "B was served after {}, {TIMES} times each",
        acts.join(", ")
    ))
}

/// Each act again and again, and B is served all the while.
fn be_rude(workbench: &Workbench<'_>, running: &Running<'_>) -> Result<(), EarlyEnd> {
    let rude = Rude::new(running, workbench.shared.commands);
    let start = Instant::now();
    for (act, be_rude) in ACTS {
        for times in 1..=TIMES {
            // How the server parts with a rude client is its own affair.
            let _ = be_rude(&rude);
            if let Some(replies) = rude.endless_replies() {
                return Err(answered_for_ever(act, replies));
            }
            if times == 1 || times == TIMES {
                b_is_served(workbench, running, act, times)?;
            }
            if start.elapsed() > LASTS {
                break;
            }
        }
    }
    b_is_served(workbench, running, "all of them", 1)
}

/// Where there is a limit, no place was given back twice.
fn keeps_its_limit(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    before: &str,
) -> Result<(), EarlyEnd> {
    match workbench.shared.expectation {
        Expectation::Limit(_) => waits_for_a_place(workbench, running, before),
        _ => Ok(()),
    }
}

/// What one client did must not change how the server ends.
fn ends_in_order(running: &mut Running<'_>) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        "rude clients came and left; then SIGTERM",
        "exit 0, as without them",
        "the error of one client changes how the server ends",
        &[
            "a panic in a thread of a scope: the scope panics at its end",
            "a thread that still waits for a client that has left",
        ],
    );
    running.terminate();
    let end = running.expect_exit(&failure_text);
    end.map_err(|end| with_its_end(running, end))
}

/// What goes against the server, and what became of it.
fn with_its_end(running: &mut Running<'_>, mut end: EarlyEnd) -> EarlyEnd {
    if let Some(failure) = end.failure() {
        running.add_its_end(failure);
    }
    end
}

fn answered_for_ever(act: &str, replies: usize) -> EarlyEnd {
    let failure_text = FailureText::new(
        format!("a client sent {act}, and shut its sending side"),
        "an error, or none, and the end of the connection",
        "one bad request is answered for ever",
        &[
            "after an error in the frames the loop goes on: each later call gives the \
             same error",
            "a request with an error that stays in the buffer",
        ],
    );
    failure_text.broken(format!(
        "{replies} replies came, more than it had sent bytes, and no end"
    ))
}

fn b_is_served(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    act: &str,
    times: usize,
) -> Result<(), EarlyEnd> {
    let clients = match times {
        1 => "a client".to_owned(),
        _ => format!("{times} clients, one after another,"),
    };
    let failure_text = FailureText::new(
        format!(
            "{clients} left after {act}; then B sent {}",
            workbench.echo()
        ),
        "B is answered",
        "rude clients can stop the server for every other client",
        &[
            "an unwrap, or an exception that nobody catches, on what a client sent",
            "a lock poisoned by a panic, or kept by a thread that died",
            "a worker, or a place under a limit, that is not released on every path",
            "a loop at the end of input",
            "half a request in a buffer that outlives its client",
        ],
    );
    let mut b = running.test_client(&failure_text, "B")?;
    let trip = b.round_trip(workbench.echo());
    trip.map_err(|trouble| match trouble {
        Trouble::Silent { .. } if times > 1 => {
            USED_UP.of(&failure_text).trouble("B's request", &trouble)
        }
        _ => of_b(&failure_text, &trouble),
    })
}

fn of_b(failure_text: &FailureText, trouble: &Trouble) -> EarlyEnd {
    let what = "B's request";
    match trouble {
        Trouble::Unexpected {
            reply: Reply::Error(_),
            ..
        } => ERROR.of(failure_text).broken(format!("{what} {trouble}")),
        Trouble::Unexpected { .. } | Trouble::Garbled(_) => {
            LEFTOVER.of(failure_text).trouble(what, trouble)
        }
        Trouble::Closed { .. } => CLOSED.of(failure_text).trouble(what, trouble),
        _ => failure_text.trouble(what, trouble),
    }
}
