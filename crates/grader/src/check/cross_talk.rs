//! Whether a reply can reach a client that did not ask.

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    nonce::nonce,
    peer::{Peer, Trouble, shown},
};

/// How often each of the two asks, and as long as it takes a quick server to be asked more.
const ROUNDS: usize = 10;
const MORE_ROUNDS: usize = 190;
const MORE_LASTS: Duration = Duration::from_secs(2);

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    if lab.shared.in_service.load(Ordering::Relaxed) == 1 {
        return Err(Halt::Skipped(
            "one client is in service at a time".to_owned(),
        ));
    }
    let echo = lab.echo();
    let claim = Claim::new(
        format!("A and B were both served and stayed; then one of them sent {echo}"),
        "the one who asked is answered; the other gets nothing",
        "threads use the same connection",
        "one variable for the accepted connection, shared by all threads",
    );
    let running = lab.start()?;
    let mut a = running.peer(&claim, "A")?;
    a.round_trip(echo)
        .map_err(|trouble| claim.trouble("A's first request", &trouble))?;
    let mut b = running.peer(&claim, "B")?;
    match b.round_trip(echo) {
        Err(Trouble::Silent { .. }) => {
            return Err(Halt::Skipped("B is not served beside A".to_owned()));
        }
        proven => {
            proven.map_err(|trouble| claim.trouble("B's first request", &trouble))?
        }
    }
    let end = Instant::now() + MORE_LASTS;
    let mut rounds = 0;
    while rounds < ROUNDS || (rounds < ROUNDS + MORE_ROUNDS && Instant::now() < end) {
        one_asks(lab, ("A", &mut a), ("B", &mut b), &claim)?;
        one_asks(lab, ("B", &mut b), ("A", &mut a), &claim)?;
        rounds += 1;
    }
    Ok(format!(
        "{} requests, none answered to the other",
        2 * rounds
    ))
}

fn one_asks(
    lab: &Lab<'_>,
    (asking, asker): (&str, &mut Peer),
    (idle, other): (&str, &mut Peer),
    claim: &Claim,
) -> Result<(), Halt> {
    let word = nonce();
    let sent = asker.send(&[lab.echo(), &word]);
    sent.map_err(|trouble| claim.trouble(&format!("{asking}'s request"), &trouble))?;
    let patience = lab.patience()?;
    let end = Instant::now() + patience;
    while !asker.has_something() && !other.has_something() {
        if end < Instant::now() {
            return Err(claim.silent(format!("{asking} asked; neither got anything")));
        }
        thread::sleep(Duration::from_millis(1));
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
