//! How many clients are in service at once: a rendezvous says it, no clock does.

use std::{sync::atomic::Ordering, thread, time::Duration};

use proto::Reply;

use crate::{
    expectation::Expectation,
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    peer::{Peeked, Peer, shown},
    running::Running,
};

/// More than the pools that count the cores of a machine have, and fewer than any handout's limit.
const CLIENTS: usize = 40;
/// At how many glances in a row the server has to sleep before nobody comes any more.
const NOBODY_COMES: u32 = 3;
const STEP: Duration = Duration::from_millis(2);
/// How long the first client of a MEET waits for the others, and a little more.
const MEETING: Duration = Duration::from_secs(6);

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
    let most = lab.at_once(CLIENTS);
    if most > 1 {
        all_meet(lab, most)?;
    }
    if lab.shared.expectation != Expectation::Concurrent {
        one_more_does_not(lab, most)?;
    }
    lab.shared.in_service.store(most, Ordering::Relaxed);
    Ok(match lab.shared.expectation {
        Expectation::Concurrent => format!("all {most} met"),
        _ => format!("{most} in service, and no more"),
    })
}

/// How many clients it is tried with.
pub(crate) fn clients(expectation: Expectation) -> usize {
    expectation.allows().min(CLIENTS)
}

fn claim(clients: usize, expected: String) -> Claim {
    Claim::new(
        format!("{clients} clients came, stayed, and sent MEET {clients}"),
        expected,
        "the server serves no more clients at once, even if it has more threads",
        &[
            "a pool or a limit that is too small",
            "a lock that is held while a request is served",
            "a blocking call in an event loop",
            "an idle client that keeps its thread in a pool",
            "clients in MEET that are counted wrong",
        ],
    )
}

/// As many as the expectation allows come one by one, stay, and meet.
fn all_meet(lab: &Lab<'_>, clients: usize) -> Result<(), Halt> {
    let claim = claim(clients, format!("all {clients} meet"));
    lab.with_server(|running| {
        let mut peers = Vec::new();
        for came in 0..clients {
            match running.served_peer(&claim, "a client") {
                Ok(peer) => peers.push(peer),
                Err(Halt::Silent(_)) => {
                    saw(lab, came);
                    return Err(claim.silent(format!(
                        "{came} served at once; client {} got no answer",
                        came + 1
                    )));
                }
                Err(halt) => return Err(halt),
            }
        }
        meet(lab, running, &mut peers, &claim)
    })
}

fn meet(
    lab: &Lab<'_>,
    running: &Running<'_>,
    peers: &mut [Peer],
    claim: &Claim,
) -> Result<(), Halt> {
    let clients = peers.len();
    let number = clients.to_string();
    let Some((last, first)) = peers.split_last_mut() else {
        return Ok(());
    };
    for peer in first.iter_mut() {
        send_meet(peer, &number, claim)?;
    }
    // Whoever is answered before the last one has come has met nobody.
    wait(running, first, NOBODY_COMES);
    if let Some(early) = first.iter_mut().find(|peer| peer.has_something()) {
        let reply = early.reply();
        return Err(
            match reply.map_err(|trouble| claim.trouble("a MEET", &trouble))? {
                Reply::Simple(text) if text == b"MET" => claim.broken(format!(
                    "a client got the answer that all had met when {} of {clients} had come",
                    clients - 1
                )),
                reply => ended_early(lab, running, first, &reply, claim),
            },
        );
    }
    send_meet(last, &number, claim)?;
    for peer in peers.iter_mut() {
        peer.let_sleep(MEETING);
        let reply = peer.reply();
        match reply.map_err(|trouble| claim.trouble("a MEET", &trouble))? {
            Reply::Simple(text) if text == b"MET" => {}
            reply => return Err(ended_early(lab, running, peers, &reply, claim)),
        }
    }
    Ok(())
}

fn send_meet(peer: &mut Peer, number: &str, claim: &Claim) -> Result<(), Halt> {
    let sent = peer.send(&["MEET", number]);
    sent.map_err(|trouble| claim.trouble("a client's MEET", &trouble))
}

/// Somebody was not met: the largest number of those who stood there together counts. A
/// stalled machine can keep clients apart, so it has to be seen again.
fn ended_early(
    lab: &Lab<'_>,
    running: &Running<'_>,
    peers: &mut [Peer],
    reply: &Reply,
    claim: &Claim,
) -> Halt {
    let Some(mut most) = met(reply) else {
        return claim.broken(format!("a MEET got {}", shown(reply)));
    };
    wait(running, &[], NOBODY_COMES);
    for peer in peers.iter_mut() {
        while peer.peeked() == Peeked::Bytes {
            let count = peer.reply().ok().as_ref().and_then(met);
            most = most.max(count.unwrap_or(0));
        }
    }
    saw(lab, most);
    let clients = clients(lab.shared.expectation);
    claim.silent(format!(
        "{most} of {clients} met (at most, on fresh servers)"
    ))
}

fn saw(lab: &Lab<'_>, clients: usize) {
    lab.shared.in_service.fetch_max(clients, Ordering::Relaxed);
}

/// One client more than may be in service: it has to wait, so that they do not meet.
fn one_more_does_not(lab: &Lab<'_>, most: usize) -> Result<(), Halt> {
    let clients = most + 1;
    let expected = match most {
        1 => "no two meet".to_owned(),
        _ => format!("no more than {most} are in service"),
    };
    let claim = claim(clients, expected);
    let number = clients.to_string();
    lab.with_server(|running| {
        let mut peers = Vec::new();
        for _ in 0..most {
            peers.push(running.served_peer(&claim, "a client")?);
        }
        peers.push(running.peer(&claim, "one client more")?);
        for peer in &mut peers {
            send_meet(peer, &number, &claim)?;
        }
        wait(running, &peers, 2 * NOBODY_COMES);
        let Some(first) = peers.iter_mut().find(|peer| peer.has_something()) else {
            return Ok(());
        };
        let reply = first.reply();
        match reply.map_err(|trouble| claim.trouble("a MEET", &trouble))? {
            Reply::Simple(text) if text == b"MET" => {
                saw(lab, clients);
                Err(claim.broken(format!("all {clients} met")))
            }
            reply if met(&reply).is_some_and(|count| count <= most) => Ok(()),
            reply => Err(claim.broken(format!("a MEET got {}", shown(&reply)))),
        }
    })
}

/// Waits until one of `peers` has got something, or the server sleeps, and goes on sleeping.
fn wait(running: &Running<'_>, peers: &[Peer], glances: u32) {
    let mut vigil = running.vigil();
    // One that never sleeps has had its time after a few times as many.
    while vigil.slept() < glances
        && vigil.glances() < 4 * glances
        && vigil.is_over().is_none()
        && !peers.iter().any(Peer::has_something)
    {
        thread::sleep(STEP);
    }
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
    use super::met;
    use proto::Reply;

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
