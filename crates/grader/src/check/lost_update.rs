//! A counter that many clients raise at the same time: no value may come twice.

use std::thread;

use proto::Reply;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::{Lab, Running},
    nonce::nonce,
    peer::{Peer, shown},
};

const CLIENTS: usize = 8;
const TIMES: usize = 250;

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let all = CLIENTS * TIMES;
    let claim = Claim::new(
        format!("{CLIENTS} clients sent INCR of one counter, {TIMES} times each"),
        format!("the replies are 1 to {all}, each once"),
        "an update is lost when two clients read the same value",
        "the read and the write in two critical sections; a lock given back between them",
    );
    let running = lab.start()?;
    let mut values = raise(&running, &claim)?;
    values.sort_unstable();
    if values.iter().copied().eq(1..=all as i64) {
        return Ok(format!("none lost in {all}"));
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

fn raise(running: &Running<'_>, claim: &Claim) -> Result<Vec<i64>, Halt> {
    let counter = nonce();
    let connect = |_| running.peer(claim, "a client");
    let peers = (0..CLIENTS).map(connect).collect::<Result<Vec<_>, _>>()?;
    thread::scope(|scope| {
        let start = |peer| {
            let client = || one_client(peer, &counter, claim);
            thread::Builder::new().spawn_scoped(scope, client)
        };
        let threads: Vec<_> = peers.into_iter().map(start).collect();
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

/// Raises the counter, then leaves: a server of one client at a time comes to the next.
fn one_client(mut peer: Peer, counter: &str, claim: &Claim) -> Result<Vec<i64>, Halt> {
    let mut values = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let reply = peer.ask(&["INCR", counter]);
        match reply.map_err(|trouble| claim.trouble("an INCR", &trouble))? {
            Reply::Integer(value) => values.push(value),
            other => return Err(claim.broken(format!("an INCR got {}", shown(&other)))),
        }
    }
    Ok(values)
}
