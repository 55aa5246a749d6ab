//! A counter that many clients raise at the same time: no value may come twice.

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
/// How often each client raises the counter in the first round, and in any: a quick server
/// gets more to do, so that its threads are at work side by side for long enough.
const FIRST: usize = 500;
const MOST: usize = 3000;
const QUICK: Duration = Duration::from_millis(150);
/// Requests of each client where they are sent one by one.
const SINGLES: usize = 200;

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let raised = lab.with_busy_servers(|running, effort| raise(lab, running, effort))?;
    Ok(format!("no update of {raised} was lost"))
}

fn claim(clients: usize, times: usize) -> Claim {
    Claim::new(
        format!("{clients} clients sent INCR of one counter, {times} times each"),
        format!("the replies are 1 to {}, each once", clients * times),
        "an update is lost when two clients read the same value",
        &[
            "no lock around the counter",
            "the read and the write in two critical sections",
            "a map that several threads change without a lock",
        ],
    )
}

/// Raises fresh counters, round after round; gives how often.
fn raise(
    lab: &Lab<'_>,
    running: &mut Running<'_>,
    effort: Effort,
) -> Result<usize, Halt> {
    if lab.shared.expectation.is_serial() {
        return in_turn(running); // nothing of it runs side by side
    }
    if !burst::takes_bursts(lab, running) {
        return one_by_one(lab, running, effort);
    }
    let mut raised = at_once(lab, running, FIRST)?;
    // The narrowest window of all checks: it is worth the most time.
    let mut rounds = Rounds::new(running.pulse(), 2 * effort.lasts, effort.rounds);
    let mut times = FIRST;
    while rounds.goes_on() {
        let _race = lab.race();
        let start = Instant::now();
        // Who is stopped in the middle of a call may take that for an error: only what was
        // counted counts then, and a crash.
        match shaken(running, || at_once(lab, running, times)) {
            Ok(more) => raised += more,
            Err(Halt::Broken(failure)) if !failure.is_lost || running.has_crashed() => {
                return Err(Halt::Broken(failure));
            }
            Err(_) => break,
        }
        if start.elapsed() < QUICK {
            times = (2 * times).min(MOST);
        }
    }
    Ok(raised)
}

/// Clients of a server that has one thread, each after the other.
fn in_turn(running: &Running<'_>) -> Result<usize, Halt> {
    let claim = claim(1, CLIENTS * SINGLES);
    let counter = nonce();
    let mut values = Vec::new();
    for _ in 0..CLIENTS {
        let mut peer = running.peer(&claim, "a client")?;
        for _ in 0..SINGLES {
            values.push(raise_once(&mut peer, &counter, &claim)?);
        }
    }
    judge(values, &claim)
}

/// All requests lie there before the first is done: where there is SLEEP, the clients begin
/// together after a short one.
fn at_once(lab: &Lab<'_>, running: &Running<'_>, times: usize) -> Result<usize, Halt> {
    let first_claim = claim(lab.at_once(CLIENTS), times);
    let mut peers = burst::clients(lab, running, CLIENTS, &first_claim)?;
    let claim = claim(peers.len(), times);
    let counter = nonce();
    let mut raises = Burst::default();
    if lab.shared.commands.know("SLEEP") {
        raises.sleep();
    }
    (0..times).for_each(|_| raises.raise(&counter));
    for peer in &mut peers {
        let sent = raises.send(peer);
        sent.map_err(|trouble| claim.trouble("its INCRs", &trouble))?;
    }
    let mut values = Vec::with_capacity(peers.len() * times);
    for peer in &mut peers {
        let replies = raises.replies(peer);
        let trouble = |trouble| claim.trouble("one of the INCRs", &trouble);
        values.extend(replies.map_err(trouble)?);
    }
    judge(values, &claim)
}

/// Each client sends one request, then all replies are read, again and again.
fn one_by_one(
    lab: &Lab<'_>,
    running: &Running<'_>,
    effort: Effort,
) -> Result<usize, Halt> {
    let mut rounds = effort.rounds(running.pulse());
    let mut raised = 0;
    while rounds.goes_on() {
        let _race = lab.race();
        let first_claim = claim(lab.at_once(CLIENTS), SINGLES);
        let mut peers = burst::clients(lab, running, CLIENTS, &first_claim)?;
        let claim = claim(peers.len(), SINGLES);
        let counter = nonce();
        let mut values = Vec::new();
        for _ in 0..SINGLES {
            for peer in &mut peers {
                let sent = peer.send(&["INCR", &counter]);
                sent.map_err(|trouble| claim.trouble("an INCR", &trouble))?;
            }
            for peer in &mut peers {
                values.push(integer(peer, &claim)?);
            }
        }
        raised += judge(values, &claim)?;
    }
    Ok(raised)
}

fn raise_once(peer: &mut Peer, counter: &str, claim: &Claim) -> Result<i64, Halt> {
    let sent = peer.send(&["INCR", counter]);
    sent.map_err(|trouble| claim.trouble("an INCR", &trouble))?;
    integer(peer, claim)
}

fn integer(peer: &mut Peer, claim: &Claim) -> Result<i64, Halt> {
    let mut one = Burst::default();
    one.raise("");
    let values = one.replies(peer);
    let values = values.map_err(|trouble| claim.trouble("an INCR", &trouble))?;
    Ok(values.first().copied().unwrap_or_default())
}

/// Gives how many values there are, if each came once.
fn judge(mut values: Vec<i64>, claim: &Claim) -> Result<usize, Halt> {
    values.sort_unstable();
    let all = values.len();
    if values.iter().copied().eq(1..=all as i64) {
        return Ok(all);
    }
    let highest = values.last().copied().unwrap_or(0);
    let twice = values.windows(2).find(|pair| pair.first() == pair.last());
    let twice = twice.and_then(|pair| pair.first());
    Err(claim.broken(match twice {
        Some(value) => {
            format!("two clients got {value}; the highest reply was {highest}")
        }
        None => format!("the highest of {all} replies was {highest}"),
    }))
}
