//! Clients that ask for different things at once: no two of them may wait for each other.

use std::time::{Duration, Instant};

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    nonce::nonce,
    peer::Peer,
    rounds::{Effort, Rounds},
    running::Running,
    shake::shaken,
};

use super::burst::{self, Burst};

const CLIENTS: usize = 8;
/// Pairs of requests of each client in the first round, and in any: a quick server gets more.
const PAIRS: usize = 100;
const MOST: usize = 400;
const QUICK: Duration = Duration::from_millis(150);

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

fn mixed(
    lab: &Lab<'_>,
    running: &mut Running<'_>,
    effort: Effort,
) -> Result<usize, Halt> {
    let clients = lab.at_once(CLIENTS);
    let echo = lab.echo();
    let claim = Claim::new(
        format!("{clients} clients sent INCR and {echo} in turn, side by side"),
        "every request is answered",
        "two threads wait for each other's lock for ever, and every other client waits too",
        &[
            "two locks that are taken in opposite orders",
            "a lock that is taken twice by the same thread",
            "a lock that is not released on every path",
        ],
    );
    if !burst::takes_bursts(lab, running) {
        return one_by_one(lab, running, &claim);
    }
    let mut peers = burst::clients(lab, running, CLIENTS, &claim)?;
    if peers.len() < 2 {
        return Err(Halt::Skipped("B is not served beside A".to_owned()));
    }
    let mut answered = round(lab, &mut peers, PAIRS, &claim)?;
    let mut rounds = Rounds::new(running.pulse(), effort.lasts, effort.rounds);
    let mut pairs = PAIRS;
    while rounds.goes_on() {
        let _race = lab.race();
        let start = Instant::now();
        match shaken(running, || round(lab, &mut peers, pairs, &claim)) {
            Ok(more) => answered += more,
            // Who is stopped in the middle of a call may take that for an error.
            Err(Halt::Broken(failure)) if failure.is_lost && !running.has_crashed() => {
                break;
            }
            Err(halt) => return Err(halt),
        }
        if start.elapsed() < QUICK {
            pairs = (2 * pairs).min(MOST);
        }
    }
    Ok(answered)
}

/// Each client sends all its pairs, before any reply is read; gives how many were answered.
fn round(
    lab: &Lab<'_>,
    peers: &mut [Peer],
    pairs: usize,
    claim: &Claim,
) -> Result<usize, Halt> {
    let counter = nonce();
    let mut bursts = Vec::new();
    for (number, peer) in peers.iter_mut().enumerate() {
        let mut burst = Burst::default();
        for turn in 0..2 * pairs {
            match (number + turn) % 2 {
                0 => burst.raise(&counter),
                _ => drop(burst.echo(lab.echo())),
            }
        }
        let sent = burst.send(peer);
        sent.map_err(|trouble| claim.trouble("a client's requests", &trouble))?;
        bursts.push(burst);
    }
    for (peer, burst) in peers.iter_mut().zip(&bursts) {
        let replies = burst.any_replies(peer);
        replies.map_err(|trouble| claim.trouble("a request of the mixture", &trouble))?;
    }
    Ok(2 * pairs * peers.len())
}
