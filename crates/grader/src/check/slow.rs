//! A client whose request takes long, beside one whose requests are short.

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::Reply;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    nonce::nonce,
    peer::Peer,
};

/// One round trip proves nothing: where requests take turns, B may be first.
const TRIPS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(30);
const HOLD: u32 = 2;

/// What B got before A's reply was in.
struct Seen {
    trips: u32,
    /// Whether B stood waiting when A's reply came in.
    b_waited: bool,
}

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    if lab.shared.expectation.is_serial() {
        must_wait(lab)
    } else {
        must_not_wait(lab)
    }
}

fn must_not_wait(lab: &Lab<'_>) -> Outcome {
    let claim = Claim::new(
        did(lab),
        "B is answered ten times while A is still being served",
        "requests are served one at a time",
        "a lock guard that is alive while serving; a join, or the scope, inside the accept loop",
    );
    let first = watch(lab, HOLD, &claim)?;
    if first.trips == TRIPS {
        return Ok("B was answered ten times while A was served".to_owned());
    }
    // A stalled machine can make one server look slow; hardly two, the second for twice as long.
    let second = watch(lab, 2 * HOLD, &claim)?;
    if second.trips == TRIPS {
        return Ok(
            "B was answered ten times while A was served, on the second server"
                .to_owned(),
        );
    }
    Err(claim.silent(second.told()))
}

fn must_wait(lab: &Lab<'_>) -> Outcome {
    let claim = Claim::new(
        did(lab),
        "B is answered only after A",
        "it serves several requests at once",
        "a thread for each client, where the assignment asks for one thread in all",
    );
    let mut seen = watch(lab, HOLD, &claim)?;
    if seen.trips == 0 && !seen.b_waited {
        // Both replies were in at the same look: B's right behind A's, or the machine stalled
        // for as long as A slept. It hardly does so twice, the second time for twice as long.
        seen = watch(lab, 2 * HOLD, &claim)?;
    }
    if seen.trips == 0 {
        return Ok("B was answered only after A was".to_owned());
    }
    Err(claim.broken(format!(
        "B was answered {} of {TRIPS} times while A was still being served",
        seen.trips
    )))
}

fn watch(lab: &Lab<'_>, hold: u32, claim: &Claim) -> Result<Seen, Halt> {
    let running = lab.start()?;
    let mut a = running.peer(claim, "A")?;
    let sent = a.send(&["SLEEP", &format!("{hold}s")]);
    sent.map_err(|trouble| claim.trouble("A's SLEEP", &trouble))?;
    let mut b = running.peer(claim, "B")?;
    let of_b = format!("B's {}, sent while A slept,", lab.echo());
    for trips in 0..TRIPS {
        thread::sleep(PAUSE);
        let word = nonce();
        let sent = b.send(&[lab.echo(), &word]);
        sent.map_err(|trouble| claim.trouble(&of_b, &trouble))?;
        let b_waited = wait_for_either(lab, &a, &b, claim)?;
        // B's reply counts only if A's is not in yet: then it was made while A was served.
        let a_is_answered = a.has_something();
        if a_is_answered {
            let reply = a.expect(&Reply::ok());
            reply.map_err(|trouble| claim.trouble("A's SLEEP", &trouble))?;
            // A leaves, for the sake of a server that serves connections one by one.
            a.finish_sending();
        }
        let reply = b.expect(&Reply::text(&word));
        reply.map_err(|trouble| claim.trouble(&of_b, &trouble))?;
        if a_is_answered {
            return Ok(Seen { trips, b_waited });
        }
    }
    Ok(Seen {
        trips: TRIPS,
        b_waited: false,
    })
}

/// Waits until something has come for A or for B; tells whether B got nothing.
fn wait_for_either(
    lab: &Lab<'_>,
    a: &Peer,
    b: &Peer,
    claim: &Claim,
) -> Result<bool, Halt> {
    let end = Instant::now() + lab.patience()?;
    while !a.has_something() && !b.has_something() {
        if end < Instant::now() {
            return Err(claim.silent("A slept and B asked; neither was answered"));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(!b.has_something())
}

impl Seen {
    fn told(&self) -> String {
        match self {
            Self {
                trips: 0,
                b_waited: true,
            } => "B was answered only after A was (twice, on fresh servers)".to_owned(),
            Self {
                trips,
                b_waited: true,
            } => format!(
                "B was answered {trips} of {TRIPS} times, then only after A was (twice, on \
                 fresh servers)"
            ),
            Self {
                trips,
                b_waited: false,
            } => format!(
                "A's SLEEP was over after {trips} of B's {TRIPS} round trips (twice, on fresh \
                 servers)"
            ),
        }
    }
}

fn did(lab: &Lab<'_>) -> String {
    format!(
        "A sent SLEEP {HOLD}s; B sent {}, ten times, 30 ms apart",
        lab.echo()
    )
}
