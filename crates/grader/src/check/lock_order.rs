//! Clients that ask for different things at once: no two of them may wait for each other.

use std::{thread, time::Duration};

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    nonce::nonce,
    peer::Trouble,
    rounds::Effort,
    running::Running,
    shake::shaken,
};

use super::burst::{self, Burst};

const CLIENTS: usize = 8;
/// Pairs of requests of each client in a round.
const PAIRS: usize = 100;
/// For how long the server is shaken while it works, in every second round.
const SHAKEN: Duration = Duration::from_millis(40);

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    lab.must_serve_two()?;
    let answered =
        lab.with_busy_servers(|running, effort| mixed(lab, running, effort))?;
    Ok(format!("{answered} requests of two kinds, all answered"))
}

/// Half of the clients send INCR, the others ECHO, each one request at a time.
fn one_by_one(
    lab: &Lab<'_>,
    running: &Running<'_>,
    claim: &Claim,
) -> Result<usize, Halt> {
    let counter = nonce();
    let mut peers = burst::clients(lab, running, CLIENTS, claim)?;
    let mut answered = 0;
    for round in 0..PAIRS {
        let mut bursts = Vec::new();
        for (number, peer) in peers.iter_mut().enumerate() {
            let mut one = Burst::default();
            match (round + number) % 2 {
                0 => one.raise(&counter),
                _ => drop(one.echo(lab.echo())),
            }
            let sent = one.send(peer);
            sent.map_err(|trouble| claim.trouble("a client's request", &trouble))?;
            bursts.push(one);
        }
        for (peer, one) in peers.iter_mut().zip(&bursts) {
            let reply = one.any_replies(peer);
            reply
                .map_err(|trouble| claim.trouble("a request of the mixture", &trouble))?;
            answered += 1;
        }
    }
    Ok(answered)
}

fn mixed(lab: &Lab<'_>, running: &Running<'_>, effort: Effort) -> Result<usize, Halt> {
    let clients = lab.at_once(CLIENTS);
    let echo = lab.echo();
    let claim = Claim::new(
        format!("{clients} clients sent INCR and {echo} in turn, {PAIRS} pairs each"),
        "every request is answered",
        "two threads wait for each other's lock for ever, and everybody for them",
        &[
            "two locks that are taken in opposite orders",
            "a lock that is taken twice by the same thread",
            "a lock that is not given back on every way out",
        ],
    );
    if !burst::takes_bursts(lab, running) {
        return one_by_one(lab, running, &claim);
    }
    let counter = nonce();
    let mut peers = burst::clients(lab, running, CLIENTS, &claim)?;
    if peers.len() < 2 {
        return Err(Halt::Skipped("B is not served beside A".to_owned()));
    }
    let (mut rounds, mut answered, mut shakes) = (effort.rounds(), 0, false);
    while rounds.goes_on() {
        let _race = lab.race();
        let mut bursts = Vec::new();
        for peer in &mut peers {
            let mut burst = Burst::default();
            for _ in 0..PAIRS {
                burst.raise(&counter);
                burst.echo(echo);
            }
            let sent = burst.send(peer);
            sent.map_err(|trouble| claim.trouble("a client's requests", &trouble))?;
            bursts.push(burst);
        }
        shakes = !shakes;
        if shakes {
            shaken(running, || thread::sleep(SHAKEN));
        }
        for (peer, burst) in peers.iter_mut().zip(&bursts) {
            match burst.any_replies(peer) {
                // Who is stopped in the middle of a call may take that for an error.
                Err(Trouble::Closed { .. } | Trouble::Refused) if shakes => {
                    return Ok(answered);
                }
                replies => replies.map_err(|trouble| {
                    claim.trouble("a request of the mixture", &trouble)
                })?,
            }
            answered += burst.len();
        }
    }
    Ok(answered)
}
