//! A client that is connected and says nothing.

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use super::at_once;
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    expectation::Expectation,
    nonce::nonce,
    running::Running,
    test_client::{TestClient, Trouble},
    workbench::{Shared, Workbench},
};

/// At how many glances in a row the server has to sleep before B is taken for waiting.
const WAITS: u32 = 5;
/// How long A is silent before it asks again.
const SILENCE: Duration = Duration::from_millis(1200);
/// A server may close a client that is silent for longer.
const PATIENT: Duration = Duration::from_secs(5);

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let serial = workbench.shared.expectation.is_serial();
    let failure_text = if serial {
        must_wait(workbench)
    } else {
        must_not_wait(workbench)
    };
    let note =
        workbench.with_server(|running| b_beside_a(workbench, running, &failure_text))?;
    if !serial {
        for sent in [&b""[..], b"*1\r\n$4\r\nPI"] {
            workbench
                .with_server(|running| a_newcomer_is_silent(workbench, running, sent))?;
        }
    }
    Ok(note)
}

/// B asks while A is connected.
fn b_beside_a(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    failure_text: &FailureText,
) -> Outcome {
    let serial = workbench.shared.expectation.is_serial();
    let mut a = running.served_client(failure_text, "A")?;
    let since = Instant::now();
    let mut b = running.test_client(failure_text, "B")?;
    let word = nonce();
    let sent = b.send(&[workbench.echo(), &word]);
    sent.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
    let waits = b_waits(workbench, running, &mut a, &b, failure_text)?;
    let a = (!waits && !serial).then_some(a); // else it leaves
    let what = match waits {
        true => "once A had left, B's request",
        false => "B's request",
    };
    b.expect(&Reply::text(&word))
        .map_err(|trouble| failure_text.trouble(what, &trouble))?;
    if let Some(a) = a {
        is_still_there(workbench, a, since)?;
    }
    match (waits, serial) {
        (false, false) => Ok("B was answered while A was connected".to_owned()),
        (true, true) => Ok("B was answered once A had left".to_owned()),
        (false, true) => {
            Err(failure_text.broken("B was answered while A was still connected"))
        }
        (true, false) => Err(failure_text.silent(
            "the server slept while B's request waited, and answered A's next one; B \
             was answered only after A had left (seen twice, on fresh servers)",
        )),
    }
}

/// Whether B waits for A: the server sleeps, or answers A again and again, and B got
/// nothing.
fn b_waits(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    a: &mut TestClient,
    b: &TestClient,
    failure_text: &FailureText,
) -> Result<bool, EarlyEnd> {
    note_in_service(workbench, 0);
    if !running.vigil().in_vain(WAITS, || b.has_something()) {
        return Ok(false);
    }
    let trip = a.round_trip(workbench.echo());
    // Whatever became of A: that B was served beside it is what counts here.
    if b.has_something() {
        return Ok(false);
    }
    trip.map_err(|trouble| failure_text.trouble("A's next request", &trouble))?;
    note_in_service(workbench, 1);
    Ok(true)
}

/// Without MEET, `at-once` cannot count who is in service.
fn note_in_service(workbench: &Workbench<'_>, clients: usize) {
    let Shared {
        commands,
        expectation,
        in_service,
        ..
    } = workbench.shared;
    if !commands.know("MEET") && !expectation.is_serial() {
        in_service.store(clients, Ordering::Relaxed);
    }
}

/// A has not asked for anything yet, or only for half of it: a server that waits for its
/// first request lets nobody in.
fn a_newcomer_is_silent(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    sent: &[u8],
) -> Result<(), EarlyEnd> {
    let (what, means) = match sent {
        [] => (
            "nothing",
            "a client that sends nothing keeps every newcomer waiting",
        ),
        _ => (
            "half a request",
            "a client that sends half a request keeps every newcomer waiting",
        ),
    };
    let failure_text = FailureText::new(
        format!("A connected, and sent {what}; B sent {}", workbench.echo()),
        "B is answered while A is connected",
        means,
        &[
            "the first request of a client is read in the accept loop",
            "the handler called in the accept loop",
        ],
    );
    let mut a = running.test_client(&failure_text, "A")?;
    let begun = a.send_bytes(sent);
    begun.map_err(|trouble| failure_text.trouble("A's bytes", &trouble))?;
    // Its bytes have to be read before B is there.
    at_once::wait(running, &[], at_once::NOBODY_COMES);
    let mut b = running.test_client(&failure_text, "B")?;
    let word = nonce();
    let sent = b.send(&[workbench.echo(), &word]);
    sent.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
    let waits = running.vigil().in_vain(2 * WAITS, || b.has_something());
    drop(a);
    // Whether the reply is right is for other checks.
    let reply = b.reply();
    reply.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
    match waits {
        false => Ok(()),
        true => Err(failure_text.silent(
            "the server slept while B's request waited; B was answered only after A had \
             left (seen twice, on fresh servers)",
        )),
    }
}

/// A asks again after a silence; it asked last at `since`, or a moment later.
fn is_still_there(
    workbench: &Workbench<'_>,
    mut a: TestClient,
    since: Instant,
) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        "A was answered, was silent for a second, and asked again",
        "A is answered: its connection is still there",
        "the server closes a client that is silent for a moment",
        &[
            "a read timeout (WouldBlock, TimedOut, socket.timeout) that is taken for the \
             end of the client",
            "a connection that is closed after its first reply",
            "a time limit for clients that is too short",
        ],
    );
    thread::sleep(SILENCE);
    if since.elapsed() > PATIENT {
        return Ok(()); // the machine stood still
    }
    match a.round_trip(workbench.echo()) {
        Err(trouble @ Trouble::Closed { .. }) => {
            Err(failure_text.trouble("A's next request", &trouble))
        }
        _ => Ok(()), // a wrong reply, or none, is for other checks
    }
}

fn did(workbench: &Workbench<'_>) -> String {
    let echo = workbench.echo();
    format!(
        "A sent {echo}, was answered and stayed connected; B sent {echo}; A sent one \
         more, and left"
    )
}

fn must_not_wait(workbench: &Workbench<'_>) -> FailureText {
    const OF_A_LIMIT: &[&str] = &[
        "a limit that is one too small: the accept loop waits for a place",
        "a pool whose threads serve one after another: each is joined before the next is \
         started",
        "the handler called in the accept loop",
        "a join, or the end of a scope, inside the accept loop",
        "a lock that is held while a client is served",
    ];
    const CAUSES: &[&str] = &[
        "the handler called in the accept loop",
        "a join, or the end of a scope, inside the accept loop",
        "a blocking read in an event loop",
        "a lock that is held while a client is served",
    ];
    FailureText::new(
        did(workbench),
        "B is answered while A is connected",
        "the server serves one connection to its end before the next",
        match workbench.shared.expectation {
            Expectation::Limit(_) => OF_A_LIMIT,
            _ => CAUSES,
        },
    )
}

fn must_wait(workbench: &Workbench<'_>) -> FailureText {
    FailureText::new(
        did(workbench),
        "B is answered only after A has left",
        "it serves several connections at once",
        &["a thread for each client, where the assignment asks for one thread in all"],
    )
}
