//! Whether a reply can reach a client that did not ask, or another request of the same
//! client.

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

use super::burst::{self, Burst};

/// How often each of the two asks.
const ROUNDS: usize = 50;
/// Clients of a burst, and requests of each.
const CLIENTS: usize = 8;
const REQUESTS: usize = 250;
/// Replies that are compared at least, unless that takes too long: one in some thousands
/// may go astray.
const LEAST: usize = 14_000;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    workbench.with_server(|running| two_ask_in_turn(workbench, running))?;
    let compared = workbench
        .with_busy_servers(|running, effort| bursts(workbench, running, effort))?;
    Ok(format!(
        "{} requests, each answered to its own client",
        2 * ROUNDS + compared
    ))
}

const CAUSES: &[&str] = &[
    "one variable for the accepted connection, shared by all threads",
    "one buffer for requests or replies, shared by all threads",
    "static or global variables in a function that several threads call",
];

const OF_A_LOSS: &[&str] = &[
    "a time limit for clients that is too short",
    "an error in one thread that ends it while its client is connected",
    "a connection that another thread closes",
];

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
        CAUSES,
    );
    let mut a = running.served_peer(&failure_text, "A")?;
    let mut b = match running.served_peer(&failure_text, "B") {
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
        in_use(failure_text, &format!("{asking}'s request"), &trouble)
    })?;
    let mut vigil = running.vigil();
    while !asker.has_something() && !other.has_something() {
        if vigil.is_over().is_some() {
            return Err(
                failure_text.silent(format!("{asking} asked; neither got anything"))
            );
        }
        thread::sleep(Duration::from_micros(200));
    }
    if other.has_something() {
        let received = match other.reply() {
            Ok(reply) => format!("{asking} asked, and {idle} got {}", shown(&reply)),
            Err(trouble) => {
                format!("{asking} asked, and {idle}'s next request {trouble}")
            }
        };
        return Err(failure_text.broken(received));
    }
    let reply = asker.expect(&Reply::text(&word));
    reply
        .map_err(|trouble| in_use(failure_text, &format!("{asking}'s request"), &trouble))
}

/// Trouble of a client that asks and reads. If its connection is lost, no reply went to
/// another client: the failure then says so.
fn in_use(failure_text: &FailureText, what: &str, trouble: &Trouble) -> EarlyEnd {
    let mut early_end = failure_text.trouble(what, trouble);
    if let Some(failure) = early_end.failure().filter(|failure| failure.is_lost) {
        "a client loses its connection while it uses it".clone_into(&mut failure.means);
        failure.likely_causes = OF_A_LOSS.iter().map(|&cause| cause.to_owned()).collect();
    }
    early_end
}

/// Clients that send many requests at once; each reply is compared with its request.
fn bursts(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    effort: Effort,
) -> Result<usize, EarlyEnd> {
    if !burst::takes_bursts(workbench, running) {
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
        CAUSES,
    );
    let mut test_clients = burst::clients(workbench, running, CLIENTS, &failure_text)?;
    let in_a_round = (test_clients.len() * REQUESTS).max(1);
    let share = LEAST * effort.rounds / 4;
    let mut rounds =
        Rounds::new(running.pulse(), effort.lasts, share.div_ceil(in_a_round));
    let mut compared = 0;
    while let Some(_turn) = rounds.turn(workbench) {
        let bursts = send(workbench, &mut test_clients, &failure_text)?;
        for (number, (test_client, burst)) in
            test_clients.iter_mut().zip(&bursts).enumerate()
        {
            let of_client = |trouble: Trouble| {
                let what = format!("a request of client {}", number + 1);
                in_use(&failure_text, &what, &trouble)
            };
            burst.replies(test_client).map_err(of_client)?;
            compared += burst.len();
        }
    }
    Ok(compared)
}

/// Sends a burst from each client.
fn send(
    workbench: &Workbench<'_>,
    test_clients: &mut [TestClient],
    failure_text: &FailureText,
) -> Result<Vec<Burst>, EarlyEnd> {
    let mut bursts = Vec::new();
    for test_client in test_clients {
        let mut burst = Burst::default();
        (0..REQUESTS).for_each(|_| drop(burst.echo(workbench.echo())));
        let sent = burst.send(test_client);
        sent.map_err(|trouble| in_use(failure_text, "a client's requests", &trouble))?;
        bursts.push(burst);
    }
    Ok(bursts)
}

#[cfg(test)]
mod tests {
    use super::{CAUSES, in_use};
    use crate::{early_end::FailureText, test_client::Trouble};

    #[test]
    fn a_lost_connection_is_not_said_to_be_another_clients_reply() {
        let failure_text = FailureText::new("did", "expected", "another client", CAUSES);
        let mut lost = in_use(&failure_text, "a request", &Trouble::Refused);
        let failure = lost.failure().unwrap();
        assert!(failure.means.contains("loses its connection"));
        assert!(failure.likely_causes[0].contains("time limit"));
    }
}
