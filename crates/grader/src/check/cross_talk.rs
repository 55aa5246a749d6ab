//! Whether a reply can reach a client that did not ask, or another request of the same client.

use std::{thread, time::Duration};

use proto::Reply;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    nonce::nonce,
    peer::{Peer, Trouble, shown},
    rounds::{Effort, Rounds},
    running::Running,
};

use super::burst::{self, Burst};

/// How often each of the two asks.
const ROUNDS: usize = 50;
/// Clients of a burst, and requests of each.
const CLIENTS: usize = 8;
const REQUESTS: usize = 250;
/// Replies that are compared at least, unless that takes too long: one in some thousands may
/// go astray.
const LEAST: usize = 14_000;

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    lab.must_serve_two()?;
    lab.with_server(|running| two_ask_in_turn(lab, running))?;
    let compared =
        lab.with_busy_servers(|running, effort| bursts(lab, running, effort))?;
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

fn two_ask_in_turn(lab: &Lab<'_>, running: &Running<'_>) -> Result<(), Halt> {
    let claim = Claim::new(
        format!(
            "A and B were both served and stayed; then one of them sent {}",
            lab.echo()
        ),
        "the client that asked gets the answer; the other gets nothing",
        "threads use the same connection",
        CAUSES,
    );
    let mut a = running.served_peer(&claim, "A")?;
    let mut b = match running.served_peer(&claim, "B") {
        Err(Halt::Silent(_)) => {
            return Err(Halt::Skipped("B is not served beside A".to_owned()));
        }
        b => b?,
    };
    for _ in 0..ROUNDS {
        one_asks(lab, running, ("A", &mut a), ("B", &mut b), &claim)?;
        one_asks(lab, running, ("B", &mut b), ("A", &mut a), &claim)?;
    }
    Ok(())
}

fn one_asks(
    lab: &Lab<'_>,
    running: &Running<'_>,
    (asking, asker): (&str, &mut Peer),
    (idle, other): (&str, &mut Peer),
    claim: &Claim,
) -> Result<(), Halt> {
    let word = nonce();
    let sent = asker.send(&[lab.echo(), &word]);
    sent.map_err(|trouble| claim.trouble(&format!("{asking}'s request"), &trouble))?;
    let mut vigil = running.vigil();
    while !asker.has_something() && !other.has_something() {
        if vigil.is_over().is_some() {
            return Err(claim.silent(format!("{asking} asked; neither got anything")));
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
        return Err(claim.broken(received));
    }
    let reply = asker.expect(&Reply::text(&word));
    reply.map_err(|trouble| claim.trouble(&format!("{asking}'s request"), &trouble))
}

/// Clients that send many requests at once; each reply is compared with its request.
fn bursts(lab: &Lab<'_>, running: &Running<'_>, effort: Effort) -> Result<usize, Halt> {
    if !burst::takes_bursts(lab, running) {
        return Ok(0); // that is for another check
    }
    let clients = lab.at_once(CLIENTS);
    let claim = Claim::new(
        format!(
            "{clients} clients sent {REQUESTS} {} each, all at once",
            lab.echo()
        ),
        "each gets its own words back, in the order in which it sent them",
        "a reply can go to another client, or to another request",
        CAUSES,
    );
    let mut peers = burst::clients(lab, running, CLIENTS, &claim)?;
    let in_a_round = (peers.len() * REQUESTS).max(1);
    let share = LEAST * effort.rounds / 4;
    let mut rounds =
        Rounds::new(running.pulse(), effort.lasts, share.div_ceil(in_a_round));
    let mut compared = 0;
    while rounds.goes_on() {
        let _race = lab.race();
        let mut bursts = Vec::new();
        for peer in &mut peers {
            let mut burst = Burst::default();
            (0..REQUESTS).for_each(|_| drop(burst.echo(lab.echo())));
            let sent = burst.send(peer);
            sent.map_err(|trouble| claim.trouble("a client's requests", &trouble))?;
            bursts.push(burst);
        }
        for (number, (peer, burst)) in peers.iter_mut().zip(&bursts).enumerate() {
            let of_client = |trouble: Trouble| {
                claim.trouble(&format!("a request of client {}", number + 1), &trouble)
            };
            burst.replies(peer).map_err(of_client)?;
            compared += burst.len();
        }
    }
    Ok(compared)
}
