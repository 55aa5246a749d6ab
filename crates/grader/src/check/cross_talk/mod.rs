//! Whether a reply can reach a client that did not ask, or another request of the same
//! client. `together.rs` lets two clients connect at the same moment.

mod together;

use std::{thread, time::Duration};

use proto::Reply;

use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    rounds::{Effort, Rounds},
    running::Running,
    test_client::{TestClient, Trouble, shown},
    workbench::Workbench,
};

use super::{
    burst::{self, Burst},
    diagnosis::{Diagnoses, Diagnosis, MIXED_UP, SIDE_BY_SIDE, unserved},
};

/// How often each of the two asks.
const ROUNDS: usize = 50;
/// Clients of a burst, and requests of each.
const CLIENTS: usize = 8;
const REQUESTS: usize = 250;
/// Longer requests of one of them, which no read returns all at once.
const LONG_REQUESTS: usize = 170;
/// Replies that are compared at least, unless that takes too long: one in some thousands
/// may go astray.
const LEAST: usize = 14_000;
/// Replies that are enough: a mistake that shows in one of 3,000 is missed in one grading
/// of a million.
const ENOUGH: usize = 42_000;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    workbench.with_server(|running| two_ask_in_turn(workbench, running))?;
    together::both_are_served(workbench)?;
    let compared = workbench
        .with_busy_servers(|running, effort| bursts(workbench, running, effort))?;
    Ok(format!(
        "{} requests, each answered to its own client",
        2 * ROUNDS + compared
    ))
}

/// Of clients in service. A reply that does not come may have gone to somebody else.
const DIAGNOSES: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a request beside those of other clients gets no answer",
        causes: &[
            "one variable for the accepted connection, shared by all threads: the reply \
             goes to another client",
            "a reply that is made, and never sent",
            "requests that came with an earlier one, and are looked at only once more \
             bytes come",
            "a lock that is not released on every path, or that two threads wait for",
        ],
    },
    ..SIDE_BY_SIDE
};

fn two_ask_in_turn(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
) -> Result<(), EarlyEnd> {
    let failure_text = FailureText::new(
        format!(
            "A and B were both served and stayed; then one of them sent {}",
            workbench.echo()
        ),
        "the client that asked gets the answer; the other gets nothing",
        "threads use the same connection",
        MIXED_UP,
    );
    let unserved = unserved(&failure_text);
    let mut a = running.served_client(&unserved, "A")?;
    let mut b = match running.served_client(&unserved, "B") {
        Err(EarlyEnd::Silent(_)) => {
            return Err(EarlyEnd::Skipped("B is not served beside A".to_owned()));
        }
        b => b?,
    };
    for _ in 0..ROUNDS {
        one_asks(
            workbench,
            running,
            ("A", &mut a),
            ("B", &mut b),
            &failure_text,
        )?;
        one_asks(
            workbench,
            running,
            ("B", &mut b),
            ("A", &mut a),
            &failure_text,
        )?;
    }
    errs(running, &mut a, &mut b, &failure_text)
}

/// A request that is unknown. That A gets no error is for another check.
fn errs(
    running: &Running<'_>,
    a: &mut TestClient,
    b: &mut TestClient,
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let mut vigil = running.vigil();
    if a.send(&["NOSUCHTHING"]).is_err() {
        return Ok(());
    }
    while !a.has_something() && vigil.is_over().is_none() {
        if b.has_something() {
            let Ok(reply) = b.reply() else { return Ok(()) };
            let got = shown(&reply);
            return Err(failure_text
                .broken(format!("A sent a request that is unknown, and B got {got}")));
        }
        thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}

fn one_asks(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    (asking, asker): (&str, &mut TestClient),
    (idle, other): (&str, &mut TestClient),
    failure_text: &FailureText,
) -> Result<(), EarlyEnd> {
    let word = nonce();
    let sent = asker.send(&[workbench.echo(), &word]);
    sent.map_err(|trouble| {
        DIAGNOSES.trouble(failure_text, &format!("{asking}'s request"), &trouble)
    })?;
    let mut vigil = running.vigil();
    while !asker.has_something() && !other.has_something() {
        if vigil.is_over().is_some() {
            let nothing = format!("{asking} asked; neither got anything");
            return Err(DIAGNOSES.silence.of(failure_text).silent(nothing));
        }
        thread::sleep(Duration::from_micros(200));
    }
    if other.has_something() {
        return Err(match other.reply() {
            Ok(reply) => failure_text
                .broken(format!("{asking} asked, and {idle} got {}", shown(&reply))),
            Err(trouble) => DIAGNOSES.loss.of(failure_text).broken(format!(
                "{asking} asked, and {idle}'s next request {trouble}"
            )),
        });
    }
    let reply = asker.expect(&Reply::text(&word));
    let what = format!("{asking}'s request");
    reply.map_err(|trouble| DIAGNOSES.trouble(failure_text, &what, &trouble))
}

/// Clients that send many requests at once; each reply is compared with its request.
fn bursts(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    effort: Effort,
) -> Result<usize, EarlyEnd> {
    if !burst::takes_bursts(workbench, running, burst::SOME) {
        return Ok(0); // that is for another check
    }
    let clients = workbench.at_once(CLIENTS);
    let failure_text = FailureText::new(
        format!(
            "{clients} clients sent {REQUESTS} {} each, all at once",
            workbench.echo()
        ),
        "each gets its own words back, in the order in which it sent them",
        "a reply can go to another client, or to another request",
        MIXED_UP,
    );
    let mut test_clients = burst::clients(workbench, running, CLIENTS, &failure_text)?;
    let in_a_round = (test_clients.len() * REQUESTS).max(1);
    let share = LEAST * effort.rounds / 4;
    let mut rounds =
        Rounds::new(running.pulse(), effort.lasts, share.div_ceil(in_a_round))
            .at_most(effort.share_of(ENOUGH).div_ceil(in_a_round));
    let mut compared = 0;
    while rounds.again() {
        let is_first = compared == 0;
        let bursts = send(workbench, &mut test_clients, is_first, &failure_text)?;
        for (number, (test_client, burst)) in
            test_clients.iter_mut().zip(&bursts).enumerate()
        {
            let of_client = |trouble: Trouble| {
                let what = format!("a request of client {}", number + 1);
                DIAGNOSES.trouble(&failure_text, &what, &trouble)
            };
            burst.replies(test_client).map_err(of_client)?;
            compared += burst.len();
        }
    }
    Ok(compared)
}

/// Sends a burst from each client; one of them also sends long requests in the first
/// round.
fn send(
    workbench: &Workbench<'_>,
    test_clients: &mut [TestClient],
    is_first: bool,
    failure_text: &FailureText,
) -> Result<Vec<Burst>, EarlyEnd> {
    let mut bursts = Vec::new();
    for (number, test_client) in test_clients.iter_mut().enumerate() {
        let mut burst = Burst::default();
        (0..REQUESTS).for_each(|_| drop(burst.echo(workbench.echo())));
        if is_first && number == 0 {
            (0..LONG_REQUESTS).for_each(|_| burst.long_echo(workbench.echo()));
        }
        let sent = burst.send(test_client);
        let of_client =
            |why| DIAGNOSES.trouble(failure_text, "a client's requests", &why);
        sent.map_err(of_client)?;
        bursts.push(burst);
    }
    Ok(bursts)
}

#[cfg(test)]
mod tests {
    use super::{DIAGNOSES, MIXED_UP};
    use crate::{early_end::FailureText, test_client::Trouble};

    #[test]
    fn a_lost_connection_is_not_said_to_be_another_clients_reply() {
        let failure_text =
            FailureText::new("did", "expected", "another client", MIXED_UP);
        let closed = Trouble::Closed {
            mid_reply: false,
            was_reset: false,
        };
        let mut lost = DIAGNOSES.trouble(&failure_text, "a request", &closed);
        let failure = lost.failure().unwrap();
        assert!(failure.means.contains("loses its connection"));
        assert!(failure.likely_causes[0].contains("time limit"));
    }
}
