//! How many clients are in service at once: a rendezvous tells, no clock does.

use std::{sync::atomic::Ordering, thread, time::Duration};

use proto::Reply;

use crate::{
    expectation::Expectation,
    halt::{Claim, Halt, Outcome},
    lab::{LIVENESS, Lab, Running},
    peer::{Peer, Trouble, shown},
};

const CLIENTS: usize = 6;

/// How long the last client stays away: who is answered by then has met nobody.
const LAST_COMES: Duration = Duration::from_millis(300);

/// How many stood in the rendezvous.
enum Met {
    All,
    Only(usize),
}

pub(super) fn title(expectation: Expectation) -> String {
    match expectation {
        Expectation::Concurrent => format!("{CLIENTS} clients are in service at once"),
        Expectation::Serial => "one client is in service at a time".to_owned(),
        Expectation::Limit(limit) => {
            format!("exactly {limit} clients are in service at once")
        }
    }
}

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let expectation = lab.shared.expectation;
    let clients = clients(expectation);
    let claim = Claim::new(
        format!("{clients} clients sent MEET {clients}"),
        match expectation {
            Expectation::Concurrent => format!("all {clients} meet"),
            Expectation::Serial => "no two meet".to_owned(),
            Expectation::Limit(limit) => format!("{limit} meet, and no more"),
        },
        "so many clients are in service at once, whatever their number of threads",
        "a pool, a limit, or a lock held while serving; clients that are counted wrong",
    );
    let mut served = measure(lab, clients, &claim)?;
    if !fits(served, clients, expectation) {
        // A machine that stalls for longer than the rendezvous lasts keeps clients apart.
        served = served.max(measure(lab, clients, &claim)?);
    }
    lab.shared.in_service.store(served, Ordering::Relaxed);
    let told = if served == clients {
        format!("all {clients} met")
    } else {
        format!("{served} of {clients} met")
    };
    if fits(served, clients, expectation) {
        Ok(told)
    } else if served == clients {
        Err(claim.broken(told))
    } else {
        Err(claim.silent(format!("{told} (at most, on two fresh servers)")))
    }
}

/// How many come: more than may be in service.
pub(crate) fn clients(expectation: Expectation) -> usize {
    match expectation {
        Expectation::Concurrent | Expectation::Serial => CLIENTS,
        Expectation::Limit(limit) => CLIENTS.max(limit + 1),
    }
}

fn fits(served: usize, clients: usize, expectation: Expectation) -> bool {
    match expectation {
        Expectation::Concurrent => served == clients,
        Expectation::Serial => served == 1,
        Expectation::Limit(limit) => served == limit,
    }
}

fn measure(lab: &Lab<'_>, clients: usize, claim: &Claim) -> Result<usize, Halt> {
    let running = lab.start()?;
    match meet(&running, clients, claim)? {
        Met::All => Ok(clients),
        Met::Only(count) => Ok(count),
    }
}

fn meet(running: &Running<'_>, clients: usize, claim: &Claim) -> Result<Met, Halt> {
    let number = clients.to_string();
    let mut peers: Vec<Peer> = Vec::new();
    for came in 0..clients {
        if came + 1 == clients {
            thread::sleep(LAST_COMES);
        }
        if let Some(early) = peers.iter_mut().find(|peer| peer.has_something()) {
            return early_end(early.reply(), came, clients, claim);
        }
        let mut peer = running.peer(claim, "a client")?;
        let sent = peer.send(&["MEET", &number]);
        sent.map_err(|trouble| claim.trouble("a client's MEET", &trouble))?;
        peers.push(peer);
    }
    end(first_reply(&mut peers), clients, claim)
}

/// What the first reply tells of the rendezvous.
fn end(
    first: Result<Reply, Trouble>,
    clients: usize,
    claim: &Claim,
) -> Result<Met, Halt> {
    match first.map_err(|trouble| claim.trouble("the first MEET", &trouble))? {
        Reply::Simple(text) if text == b"MET" => Ok(Met::All),
        reply => match met(&reply) {
            Some(count) if (1..clients).contains(&count) => Ok(Met::Only(count)),
            _ => Err(claim.broken(format!("the first MEET got {}", shown(&reply)))),
        },
    }
}

/// The rendezvous has ended before all had come: a stalled machine can outlast it, but nobody
/// can have met.
fn early_end(
    first: Result<Reply, Trouble>,
    came: usize,
    clients: usize,
    claim: &Claim,
) -> Result<Met, Halt> {
    match end(first, clients, claim)? {
        Met::All => Err(claim.broken(format!(
            "a client was told that all had met when {came} of {clients} had come"
        ))),
        only => Ok(only),
    }
}

/// The reply that is in first, whoever it is for.
fn first_reply(peers: &mut [Peer]) -> Result<Reply, Trouble> {
    const PAUSE: Duration = Duration::from_millis(5);
    for _ in 0..LIVENESS.as_millis() / PAUSE.as_millis() {
        if let Some(first) = peers.iter_mut().find(|peer| peer.has_something()) {
            return first.reply();
        }
        thread::sleep(PAUSE);
    }
    Err(Trouble::Silent { after: LIVENESS })
}

/// K of `-TIMEOUT only K of N clients met`.
fn met(reply: &Reply) -> Option<usize> {
    let Reply::Error(line) = reply else {
        return None;
    };
    let text = str::from_utf8(line).ok()?.strip_prefix("TIMEOUT only ")?;
    text.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Claim, Met, early_end, met};
    use crate::halt::Halt;
    use proto::Reply;

    #[test]
    fn nobody_can_have_met_before_the_last_has_come() {
        let claim = Claim::new("", "", "", "");
        let ended = |reply| early_end(Ok(reply), 5, 6, &claim);
        let told = Reply::Simple(b"MET".to_vec());
        assert!(matches!(ended(told), Err(Halt::Broken(_))));
        let late = Reply::error("TIMEOUT only 5 of 6 clients met");
        assert!(matches!(ended(late), Ok(Met::Only(5))));
    }

    #[test]
    fn the_number_of_those_who_met_is_read_from_the_error_line() {
        assert_eq!(
            met(&Reply::error("TIMEOUT only 2 of 6 clients met")),
            Some(2)
        );
        for line in ["ERR only 2 of 6", "TIMEOUT only x of 6", "TIMEOUT only "] {
            assert_eq!(met(&Reply::error(line)), None, "{line}");
        }
        assert_eq!(met(&Reply::ok()), None);
    }
}
