//! Many clients, one after another: what a server keeps of each is counted.

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use super::{
    busy_waiting,
    diagnosis::{CLOSED_TWICE_CAUSE, Diagnosis},
    kept::Kept,
};
use crate::{
    descriptors,
    early_end::{EarlyEnd, FailureText, Outcome},
    pulse::Holdings,
    running::Running,
    test_client::Trouble,
    workbench::Workbench,
};

/// Clients before the first count: what grows only at the start is no leak.
const FIRST: usize = 30;
const CLIENTS: usize = 300;
/// Where the first took this long, because the server looks only now and then who has
/// come, there is time for fewer.
const SLOW: Duration = Duration::from_secs(4);
const FEWER: usize = 100;
/// Descriptors that the server may open, if it does not hold nearly as many at its start.
const DESCRIPTORS: u64 = 256;
/// At how many glances in a row, of which each takes at least a tenth of a second, the
/// server has to sleep before it gives nothing back any more: one may look only once a
/// second for threads that have ended.
const NOTHING_MORE: u32 = 30;
/// What follows from anything that a server keeps.
const SERVES_NO_MORE: &str = "after enough clients the server can serve no more";
/// Programs that are started, and what is kept of all of them.
const PROGRAMS: usize = 30;
const LEAK_OF_PROGRAMS: usize = PROGRAMS / 2;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let failure_text = FailureText::new(
        format!(
            "up to {CLIENTS} clients came one after another; each sent {}, and left",
            workbench.echo()
        ),
        "each gets an answer, and the server keeps nothing of clients that left",
        SERVES_NO_MORE,
        &[
            "a connection that is not closed on every way out",
            "threads that are neither joined nor detached",
            "children that nobody waits for",
            "a read that returns 0, the end, taken for an empty piece: the loop goes on",
            "a table of clients whose rows are never used again",
        ],
    );
    workbench.with_server(|running| {
        let at_start = running.pulse().holdings();
        let start = Instant::now();
        come_and_leave(workbench, running, FIRST, &failure_text)?;
        let clients = match start.elapsed() < SLOW {
            true => CLIENTS,
            false => FEWER,
        };
        if !busy_waiting::is_at_rest(running)
            && let Some(kept) =
                Kept::of(&at_start, &running.pulse().holdings(), FIRST / 2)
        {
            // Three hundred more would take all the time of the grading.
            return Err(failure_text.silent(format!(
                "{kept} after {FIRST} clients had left, and it was computing"
            )));
        }
        let before = running.pulse().holdings();
        limit_descriptors(running, &before);
        nothing_is_left(workbench, running, clients, &before, &failure_text)?;
        if workbench.shared.commands.know("RUN") {
            run_programs(running)?;
        }
        Ok(format!("{clients} clients, and nothing of them is left"))
    })
}

/// All come and leave, and the server comes back to what it held.
fn nothing_is_left(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    clients: usize,
    before: &Holdings,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    // Kept by half of the clients, it is kept by all.
    let leak = clients / 2;
    come_and_leave(workbench, running, clients, failure_text)?;
    let Some(kept) = still_kept(running, before, leak) else {
        return Ok(());
    };
    // A pool may grow until it has all its threads, and their stacks: a leak goes on.
    let now = running.pulse().holdings();
    if Kept::of(&only_open(before, now), &now, leak).is_none() {
        come_and_leave(workbench, running, 2 * clients, failure_text)?;
        let grown = running.pulse().holdings();
        come_and_leave(workbench, running, clients, failure_text)?;
        if still_kept(running, &grown, leak).is_none() {
            return Ok(());
        }
    }
    let failure_text = failure_text.diagnosed_as(SERVES_NO_MORE, kept.causes());
    Err(failure_text.silent(format!("{kept} after {clients} clients had left")))
}

/// What was held before, where only descriptors and processes count.
pub(super) fn only_open(before: &Holdings, now: Holdings) -> Holdings {
    Holdings {
        descriptors: before.descriptors,
        processes: before.processes,
        ..now
    }
}

/// What the server has still more of than before, once it gives nothing back any more.
pub(super) fn still_kept(
    running: &Running<'_>,
    before: &Holdings,
    many: usize,
) -> Option<Kept> {
    let mut vigil = running.vigil();
    loop {
        let kept = Kept::of(before, &running.pulse().holdings(), many)?;
        if vigil.slept() > NOTHING_MORE || vigil.is_over().is_some() {
            return Some(kept);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// One client has programs run, one after another.
fn run_programs(running: &Running<'_>) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        format!("a client sent RUN echo {PROGRAMS} times, one after another"),
        "each gets an answer, and the server keeps nothing of programs that ended",
        "after enough programs the server can start no more",
        &[
            "a pipe of a program that is not closed",
            "children that nobody waits for",
        ],
    );
    let mut client = running.test_client(&failure_text, "a client")?;
    let mut run = || {
        let reply = client.ask(&["RUN", "echo", "x"]).map(drop);
        reply.map_err(|trouble| failure_text.trouble("a RUN", &trouble))
    };
    run()?; // what grows only at the start is no leak
    let before = running.pulse().holdings();
    (0..PROGRAMS).try_for_each(|_| run())?;
    let before = only_open(&before, running.pulse().holdings());
    match still_kept(running, &before, LEAK_OF_PROGRAMS) {
        Some(kept) => {
            Err(failure_text
                .silent(format!("{kept} after {PROGRAMS} programs had ended")))
        }
        None => Ok(()),
    }
}

/// Where a client gets something else than its reply.
const ANOTHER: Diagnosis = Diagnosis {
    means: "a client gets another reply than its own",
    causes: &[
        "a buffer that outlives its client: each client needs one of its own",
        "one variable for the accepted connection, shared by all threads",
    ],
};

pub(super) fn come_and_leave(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    clients: usize,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    for number in 1..=clients {
        let name = format!("client {number}");
        let mut client = running.test_client(failure_text, &name)?;
        let trip = client.round_trip(workbench.echo());
        let what = format!("{name}'s request");
        trip.map_err(|trouble| match trouble {
            Trouble::Garbled(_) => ANOTHER.of(failure_text).trouble(&what, &trouble),
            Trouble::Unexpected { ref reply, .. }
                if !matches!(reply, Reply::Error(_)) =>
            {
                ANOTHER.of(failure_text).trouble(&what, &trouble)
            }
            _ => {
                let mut end = failure_text.trouble(&what, &trouble);
                if let (Trouble::Closed { .. }, Some(failure)) = (trouble, end.failure())
                {
                    failure
                        .likely_causes
                        .insert(0, CLOSED_TWICE_CAUSE.to_owned());
                }
                end
            }
        })?;
    }
    Ok(())
}

/// Where that is allowed: a leak shows as what it leads to.
fn limit_descriptors(running: &Running<'_>, held: &Holdings) {
    if held.descriptors * 2 <= usize::try_from(DESCRIPTORS).unwrap_or(usize::MAX) {
        descriptors::limit(&running.pulse().processes(), DESCRIPTORS);
    }
}
