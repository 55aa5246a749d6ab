//! All clients of a MEET get its answer, none before the last has come, and the next
//! meeting begins anew.

use std::{iter, slice, thread, time::Duration};

use proto::Reply;

use super::{
    super::diagnosis::answered_once, NOBODY_COMES, STEP, ended_early, send_meet, wait,
};
use crate::{
    early_end::{EarlyEnd, FailureText},
    running::Running,
    test_client::TestClient,
    workbench::Workbench,
};

/// How long the first client of a MEET waits for the others, and a little more.
const MEETING: Duration = Duration::from_secs(6);

/// Once one has met, the server wakes the others before it sleeps at this many glances in
/// a row, for two seconds.
const WOKEN: u32 = 20;

pub(super) fn meet(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    test_clients: &mut [TestClient],
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let number = test_clients.len().to_string();
    let Some((last, first)) = test_clients.split_last_mut() else {
        return Ok(());
    };
    for test_client in first.iter_mut() {
        send_meet(test_client, &number, failure_text)?;
    }
    nobody_met_early(workbench, running, first, failure_text)?;
    send_meet(last, &number, failure_text)?;
    all_are_answered(workbench, running, test_clients, failure_text)?;
    nobody_meets_alone(running, test_clients, &number)
}

/// When one has met, all others have, and none may wait on.
fn all_are_answered(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    test_clients: &mut [TestClient],
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let clients = test_clients.len();
    let mut vigil = running.vigil().allowing(MEETING);
    let first = loop {
        let answered = test_clients.iter().position(TestClient::has_something);
        if answered.is_some() || vigil.is_over().is_some() {
            break answered.unwrap_or(0);
        }
        thread::sleep(STEP);
    };
    let others = (0..clients).filter(|index| *index != first);
    for index in iter::once(first).chain(others) {
        let Some(test_client) = test_clients.get_mut(index) else {
            continue;
        };
        if index != first
            && running
                .vigil()
                .in_vain(WOKEN, || test_client.has_something())
        {
            let nothing =
                "one had met, the server slept for two seconds, and another had not";
            return Err(one_waits_on(clients).silent(nothing));
        }
        let reply = test_client
            .reply()
            .map_err(|trouble| match index == first {
                true => answered_once(failure_text, "a MEET", &trouble),
                false => one_waits_on(clients).trouble("another client's MEET", &trouble),
            })?;
        if !is_met(&reply) {
            let early =
                ended_early(workbench, running, test_clients, &reply, failure_text);
            return Err(early);
        }
    }
    Ok(())
}

pub(super) fn is_met(reply: &Reply) -> bool {
    matches!(reply, Reply::Simple(text) if text == b"MET")
}

/// All but the last client have come: one that is answered now has met nobody.
fn nobody_met_early(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    first: &mut [TestClient],
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    wait(running, first, NOBODY_COMES);
    let (came, all) = (first.len(), first.len() + 1);
    let mut waiting = first.iter_mut();
    let Some(early) = waiting.find(|test_client| test_client.has_something()) else {
        return Ok(());
    };
    let reply = early.reply();
    let reply =
        reply.map_err(|trouble| answered_once(failure_text, "a MEET", &trouble))?;
    if is_met(&reply) {
        let did = format!("{came} clients came, stayed, and sent MEET {all}");
        return Err(counted_wrong(did, all, TOO_SOON).broken(format!(
            "a client got the answer that all had met when {came} of {all} had come"
        )));
    }
    Err(ended_early(workbench, running, first, &reply, failure_text))
}

/// They have met: the first one that comes again is the first of a new meeting.
fn nobody_meets_alone(
    running: &Running<'_>,
    test_clients: &mut [TestClient],
    number: &str,
) -> Result<(), EarlyEnd> {
    let clients = test_clients.len();
    let Some(again) = test_clients.first_mut().filter(|_| clients > 1) else {
        return Ok(());
    };
    let did =
        format!("{clients} clients met in MEET {clients}; one of them sent it again");
    let failure_text = counted_wrong(did, clients, NOT_ANEW);
    send_meet(again, number, &failure_text)?;
    wait(running, slice::from_ref(again), NOBODY_COMES);
    if !again.has_something() {
        return Ok(());
    }
    match again.reply() {
        Ok(reply) if is_met(&reply) => {
            Err(failure_text.broken("it got the answer that all had met"))
        }
        _ => Ok(()), // a meeting that ends soon, without an answer
    }
}

/// Nobody has met before.
const TOO_SOON: &[&str] = &[
    "a count that is off by one",
    "a wait that any wake-up ends: `if` where `while` has to look at the count again",
];

/// All have met, and have met rightly.
const NOT_ANEW: &[&str] = &[
    "a count that does not begin at 0 again for the next meeting",
    "a client that has left, or has met, and is still counted",
];

fn counted_wrong(
    did: String,
    clients: usize,
    causes: &'static [&'static str],
) -> FailureText {
    FailureText::new(
        did,
        format!("nobody gets `+MET` before {clients} clients are there together"),
        "the clients in MEET are counted wrong",
        causes,
    )
}

fn one_waits_on(clients: usize) -> FailureText {
    FailureText::new(
        format!("{clients} clients came, stayed, and sent MEET {clients}"),
        "when one of them gets `+MET`, all get it",
        "all clients have come to the meeting, but one of them still waits",
        &[
            "notify, or notify_one, where all that wait must wake: notify_all",
            "a wait that is not ended by what it waits for, but by its time limit",
        ],
    )
}
