//! A client that asks for much and reads none of it, beside one that is to be served.

use super::{
    claim::{beside, unserved},
    flood::{REQUESTS, payloads, while_it_sends},
};
use crate::{
    early_end::{FailureText, Outcome},
    workbench::Workbench,
};

const TRIPS: usize = 10;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!("A sent {REQUESTS} {echo} of 1 MiB each and read nothing; then B asked"),
        format!("B is answered {TRIPS} times"),
        "a client that does not read makes every other client wait",
        &[
            "an event loop that waits in a write: keep what does not fit, and send it \
             later",
            "a lock guard that is alive while a reply is written",
            "the handler called in the accept loop",
            "a join, or the end of a scope, inside the accept loop",
        ],
    );
    workbench.with_server(|running| {
        let claim = unserved(&failure_text);
        let mut a = running.served_peer(&claim, "A")?;
        let mut b = running.served_peer(&claim, "B")?;
        let flood = payloads();
        while_it_sends(running, &failure_text, (&mut a, echo), &flood, |_| {
            (0..TRIPS).try_for_each(|_| {
                let trip = b.round_trip(echo);
                trip.map_err(|why| beside(&failure_text, "B's request", &why))
            })
        })
    })?;
    Ok(format!("B was answered {TRIPS} times beside A"))
}
