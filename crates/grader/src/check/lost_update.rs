//! A counter that many clients raise at the same time: no value may come twice.

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::{Reply, encode_request};

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::{Lab, Running},
    nonce::nonce,
    peer::{Peer, shown},
};

const CLIENTS: usize = 8;
const TIMES: usize = 500;
/// How often they do it: on a machine whose cores are busy, one round can be lucky.
const ROUNDS: usize = 5;
/// No round begins later than this, so that a slow server is judged in time as well.
const LAST_ROUND: Duration = Duration::from_secs(3);
/// How long a reply may take before the requests are sent one by one instead, and when no
/// more of them are.
const BURST: Duration = Duration::from_secs(3);
const LASTS: Duration = Duration::from_secs(5);

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let all = CLIENTS * TIMES;
    let claim = Claim::new(
        format!("{CLIENTS} clients sent INCR of one counter, {TIMES} times each"),
        format!("the replies are 1 to {all}, each once"),
        "an update is lost when two clients read the same value",
        "the read and the write in two critical sections; a lock given back between them",
    );
    let running = lab.start()?;
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS && start.elapsed() < LAST_ROUND {
        rounds += 1;
        match in_bursts(&running, &claim) {
            Ok(values) => judge(values, &claim)?,
            // Whether it takes requests that come at once is judged by another check.
            Err(_) => {
                let values = one_by_one(&lab.start()?, &claim)?;
                let all = values.len();
                judge(values, &claim)?;
                return Ok(format!("none lost in {all}"));
            }
        }
    }
    Ok(format!("none lost in {}", rounds * all))
}

fn judge(mut values: Vec<i64>, claim: &Claim) -> Result<(), Halt> {
    values.sort_unstable();
    let all = values.len();
    if values.iter().copied().eq(1..=all as i64) {
        return Ok(());
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

/// All requests at once, which keeps the server's threads at work side by side.
fn in_bursts(running: &Running<'_>, claim: &Claim) -> Result<Vec<i64>, Halt> {
    let mut request = Vec::new();
    encode_request(&["INCR", &nonce()], &mut request);
    let burst = request.repeat(TIMES);
    let mut peers = connect(running, claim)?;
    for peer in &mut peers {
        peer.set_patience(BURST);
        let sent = peer.send_bytes(&burst);
        sent.map_err(|trouble| claim.trouble("its INCRs", &trouble))?;
    }
    let end = Instant::now() + LASTS;
    let mut values = Vec::with_capacity(CLIENTS * TIMES);
    // Each leaves after its last reply: a server of one client at a time comes to the next.
    for mut peer in peers {
        for _ in 0..TIMES {
            if end < Instant::now() {
                return Err(claim.silent("the replies came too slowly"));
            }
            values.push(value(&mut peer, claim)?);
        }
    }
    Ok(values)
}

/// Round trips, from a thread a client, as many as there is time for.
fn one_by_one(running: &Running<'_>, claim: &Claim) -> Result<Vec<i64>, Halt> {
    let counter = nonce();
    let end = Instant::now() + LASTS;
    let one_client = |mut peer: Peer| -> Result<Vec<i64>, Halt> {
        let once = |_| {
            let sent = peer.send(&["INCR", &counter]);
            sent.map_err(|trouble| claim.trouble("an INCR", &trouble))?;
            value(&mut peer, claim)
        };
        let in_time = |_: &usize| Instant::now() < end;
        (0..TIMES).take_while(in_time).map(once).collect()
    };
    thread::scope(|scope| {
        let start =
            |peer| thread::Builder::new().spawn_scoped(scope, || one_client(peer));
        let threads: Vec<_> = connect(running, claim)?.into_iter().map(start).collect();
        let mut values = Vec::new();
        for thread in threads {
            match thread.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(raised)) => values.extend(raised?),
                _ => return Err(claim.silent("the grader got no thread for a client")),
            }
        }
        Ok(values)
    })
}

fn connect(running: &Running<'_>, claim: &Claim) -> Result<Vec<Peer>, Halt> {
    (0..CLIENTS)
        .map(|_| running.peer(claim, "a client"))
        .collect()
}

fn value(peer: &mut Peer, claim: &Claim) -> Result<i64, Halt> {
    let reply = peer.reply();
    match reply.map_err(|trouble| claim.trouble("an INCR", &trouble))? {
        Reply::Integer(value) => Ok(value),
        other => Err(claim.broken(format!("an INCR got {}", shown(&other)))),
    }
}
