//! A client that is connected and says nothing.

use std::{thread, time::Duration};

use proto::Reply;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::Lab,
    nonce::nonce,
    peer::Peer,
};

/// How often A shows that the server is alive while B waits.
const TRIPS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// When B's reply came.
enum Answered {
    WhileAWasConnected,
    OnceAHadLeft,
}

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let serial = lab.shared.expectation.is_serial();
    let claim = if serial {
        must_wait(lab)
    } else {
        must_not_wait(lab)
    };
    match (watch(lab, &claim)?, serial) {
        (Answered::WhileAWasConnected, false) => {
            Ok("B was answered while A was connected".to_owned())
        }
        (Answered::OnceAHadLeft, true) => Ok("B was answered once A had left".to_owned()),
        (Answered::WhileAWasConnected, true) => {
            Err(claim.broken("B was answered while A was still connected"))
        }
        (Answered::OnceAHadLeft, false) => Err(claim.broken(format!(
            "A was answered {TRIPS} times while B waited; B only once A had left"
        ))),
    }
}

fn watch(lab: &Lab<'_>, claim: &Claim) -> Result<Answered, Halt> {
    let running = lab.start()?;
    let mut a = running.peer(claim, "A")?;
    let first = a.round_trip(lab.echo());
    first.map_err(|trouble| claim.trouble("A's first request", &trouble))?;
    let mut b = running.peer(claim, "B")?;
    let word = nonce();
    let sent = b.send(&[lab.echo(), &word]);
    sent.map_err(|trouble| claim.trouble("B's request", &trouble))?;
    let beside = b_is_answered_beside(&mut a, &b, lab.echo(), claim)?;
    drop(a);
    let reply = b.expect(&Reply::text(&word));
    let what = if beside {
        "B's request"
    } else {
        "once A had left, B's request"
    };
    reply.map_err(|trouble| claim.trouble(what, &trouble))?;
    Ok(if beside {
        Answered::WhileAWasConnected
    } else {
        Answered::OnceAHadLeft
    })
}

fn b_is_answered_beside(
    a: &mut Peer,
    b: &Peer,
    echo: &str,
    claim: &Claim,
) -> Result<bool, Halt> {
    for _ in 0..TRIPS {
        thread::sleep(PAUSE);
        if b.has_something() {
            return Ok(true);
        }
        let trip = a.round_trip(echo);
        // Whatever became of A: that B was served beside it is what counts here.
        if b.has_something() {
            return Ok(true);
        }
        trip.map_err(|trouble| claim.trouble("A's next request", &trouble))?;
    }
    Ok(b.has_something())
}

fn did(lab: &Lab<'_>) -> String {
    let echo = lab.echo();
    format!(
        "A sent {echo}, was answered and stayed connected; B sent {echo}; A sent \
         {TRIPS} more, 20 ms apart"
    )
}

fn must_not_wait(lab: &Lab<'_>) -> Claim {
    Claim::new(
        did(lab),
        "B is answered while A is connected",
        "a connection is served to its end before the next is looked at",
        "the handler called in the accept loop; a join, or the scope, inside it",
    )
}

fn must_wait(lab: &Lab<'_>) -> Claim {
    Claim::new(
        did(lab),
        "B is answered only once A has left",
        "it serves several connections at once",
        "a thread for each client, where the assignment asks for one thread in all",
    )
}
