//! How many clients are in service at once: a rendezvous says it, no clock does.
//!
//! `meeting.rs` is that rendezvous, `numbers.rs` has two of them at the same time, and
//! `one_more.rs` adds a client that a server with a limit must keep waiting.

mod meeting;
mod numbers;
mod one_more;

pub(super) use one_more::waits_for_a_place;

use std::{sync::atomic::Ordering, thread, time::Duration};

use proto::Reply;

use super::diagnosis::Diagnosis;
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    expectation::Expectation,
    running::Running,
    test_client::{Peeked, TestClient, shown},
    workbench::Workbench,
};

/// More than the pools that count the cores of a machine have, and fewer than any
/// handout's limit.
const CLIENTS: usize = 40;
/// At how many glances in a row the server has to sleep before nobody comes any more.
pub(super) const NOBODY_COMES: u32 = 3;
const STEP: Duration = Duration::from_millis(2);

pub(super) fn title(expectation: Expectation) -> String {
    match expectation {
        Expectation::Concurrent => format!("{CLIENTS} clients are in service at once"),
        Expectation::Serial => "one client is in service at a time".to_owned(),
        Expectation::Limit(limit) => {
            format!("exactly {limit} clients are in service at once")
        }
    }
}

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let most = clients(workbench.shared.expectation);
    if most > 1 {
        all_meet(workbench, most)?;
    }
    if workbench.shared.expectation != Expectation::Concurrent {
        one_more::waits(workbench, most)?;
    }
    workbench.shared.in_service.store(most, Ordering::Relaxed);
    Ok(match workbench.shared.expectation {
        Expectation::Concurrent => format!("all {most} met"),
        _ => format!("{most} in service, and no more"),
    })
}

/// How many clients it is tried with: at a limit, the number that it allows.
pub(crate) fn clients(expectation: Expectation) -> usize {
    match expectation {
        Expectation::Concurrent => CLIENTS,
        Expectation::Serial | Expectation::Limit(_) => expectation.allows(),
    }
}

fn failure_text(clients: usize, expected: String) -> FailureText {
    FailureText::new(
        format!("{clients} clients came, stayed, and sent MEET {clients}"),
        expected,
        "clients that are all connected do not meet",
        &[
            "clients in MEET that are counted wrong",
            "a meeting whose last client does not wake the others",
            "a limit on requests, or a pool of threads for requests, that is too small",
            "a lock that is held while a request is served",
            "a blocking call in an event loop",
        ],
    )
}

/// Before anybody sends MEET.
fn arrivals(clients: usize, request: &str) -> FailureText {
    let did = "clients came one after another; each sent";
    FailureText::new(
        format!("up to {clients} {did} {request}, and stayed"),
        "each is answered while the others stay",
        "a client that comes beside others is not served",
        &["a place that the server does not have, or does not give"],
    )
}

/// One client was served, and the next one was not.
const ONE_SERVED: Diagnosis = Diagnosis {
    means: "the server serves one client at a time, however many threads it has",
    causes: &[
        "the handler called in the accept loop",
        "a lock that is held while a client is served",
        "a join, or the end of a scope, inside the accept loop",
        "a blocking call in an event loop",
        "a pool or a limit that is too small",
    ],
};

/// The same, where some are to be served.
const ONE_OF_A_LIMIT: Diagnosis = Diagnosis {
    causes: &[
        "a pool or a limit that is one too small",
        "a pool whose threads serve one after another: each is joined before the next is \
         started",
        "a lock that is held while a client is served",
        "the handler called in the accept loop",
        "a join, or the end of a scope, inside the accept loop",
    ],
    ..ONE_SERVED
};

/// Some clients were served, and the next one was not.
const SOME_SERVED: Diagnosis = Diagnosis {
    means: "the server serves some clients at once, and fewer than it should",
    causes: &[
        "a pool or a limit that is too small",
        "an idle client that keeps its thread in a pool",
        "an accept loop that waits for a thread to end (a join) before it accepts more",
    ],
};

/// This number of clients, all that the expectation allows, come one by one, stay, and
/// meet.
fn all_meet(workbench: &Workbench<'_>, clients: usize) -> Result<(), EarlyEnd> {
    let expected = match clients {
        2 => "both meet".to_owned(),
        _ => format!("all {clients} meet"),
    };
    let failure_text = failure_text(clients, expected);
    let arrivals = arrivals(clients, workbench.echo());
    workbench.with_server(|running| {
        let mut test_clients = Vec::new();
        for came in 0..clients {
            let served = match (came, workbench.shared.expectation) {
                (0 | 1, Expectation::Concurrent) => ONE_SERVED.of(&arrivals),
                (0 | 1, _) => ONE_OF_A_LIMIT.of(&arrivals),
                _ => SOME_SERVED.of(&arrivals),
            };
            let name = format!("{came} served at once; client {}", came + 1);
            match running.served_client(&served, &name) {
                Ok(test_client) => test_clients.push(test_client),
                Err(EarlyEnd::Silent(_)) => {
                    saw(workbench, came);
                    return Err(served.silent(format!("{name} got no answer")));
                }
                Err(early_end) => return Err(early_end),
            }
        }
        meeting::meet(workbench, running, &mut test_clients, &failure_text)?;
        numbers::are_apart(running, &mut test_clients)
    })
}

fn send_meet(
    test_client: &mut TestClient,
    number: &str,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let sent = test_client.send(&["MEET", number]);
    sent.map_err(|trouble| failure_text.trouble("a client's MEET", &trouble))
}

/// Somebody was not met: the largest number of those who stood there together counts. A
/// stalled machine can keep clients apart, so it has to be seen again.
fn ended_early(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    test_clients: &mut [TestClient],
    reply: &Reply,
    failure_text: &FailureText,
) -> EarlyEnd {
    let Some(mut most) = met(reply) else {
        return failure_text.broken(format!("a MEET got {}", shown(reply)));
    };
    wait(running, &[], NOBODY_COMES);
    for test_client in test_clients.iter_mut() {
        while test_client.peeked() == Peeked::Bytes {
            let count = test_client.reply().ok().as_ref().and_then(met);
            most = most.max(count.unwrap_or(0));
        }
    }
    saw(workbench, most);
    let clients = clients(workbench.shared.expectation);
    failure_text.silent(format!(
        "at most {most} of {clients} met, each time on a fresh server"
    ))
}

fn saw(workbench: &Workbench<'_>, clients: usize) {
    workbench
        .shared
        .in_service
        .fetch_max(clients, Ordering::Relaxed);
}

/// Waits until one of the clients has got something, or the server sleeps, and goes on
/// sleeping.
pub(super) fn wait(running: &Running<'_>, test_clients: &[TestClient], glances: u32) {
    let mut vigil = running.vigil();
    // One that never sleeps has had its time after a few times as many.
    while vigil.slept() < glances
        && vigil.glances() < 4 * glances
        && vigil.is_over().is_none()
        && !test_clients.iter().any(TestClient::has_something)
    {
        thread::sleep(STEP);
    }
}

/// K of `-TIMEOUT only K of N clients met`.
fn met(reply: &Reply) -> Option<usize> {
    let Reply::Error(line) = reply else {
        return None;
    };
    let text = str::from_utf8(line).ok()?.strip_prefix("TIMEOUT only ")?;
    text.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::met;
    use proto::Reply;

    #[test]
    fn the_number_of_those_who_met_is_read_from_the_error_line() {
        assert_eq!(
            met(&Reply::error("TIMEOUT only 2 of 6 clients met")),
            Some(2)
        );
        for line in ["ERR only 2 of 6", "TIMEOUT only x of 6", "TIMEOUT only "] {
            assert_eq!(met(&Reply::error(line)), None, "{line}");
        }
        assert_eq!(met(&Reply::ok()), None);
    }
}
