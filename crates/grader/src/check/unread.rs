//! A client that asks for much and reads none of it, beside one that is to be served.

use proto::Reply;

use super::{
    diagnosis::{Diagnosis, beside, unserved},
    flood::{REQUESTS, payloads, while_it_sends},
};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    nonce::nonce,
    running::Running,
    test_client::Trouble,
    workbench::Workbench,
};

const TRIPS: usize = 10;

/// B's request is in the log: no loop that waits in a write would have read it.
const WAS_READ: Diagnosis = Diagnosis {
    means: "B's request is read, and its reply waits behind those that A does not read",
    causes: &[
        "a lock that is held while a reply is written, to whatever client",
        "one thread, or one buffer, that writes the replies of all clients",
    ],
};

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    let echo = workbench.echo();
    // Both are served before A sends its flood, so that the accept loop goes on.
    let failure_text = FailureText::new(
        format!("A sent {REQUESTS} {echo} of 1 MiB each and read nothing; then B asked"),
        format!("B is answered {TRIPS} times"),
        "a client that does not read makes every other client wait",
        &[
            "an event loop that waits in a write: keep what does not fit, and send it \
             later",
            "one buffer for the replies to all clients",
            "a lock guard that is alive while a reply is written",
        ],
    );
    workbench.with_server(|running| {
        let unserved = unserved(&failure_text);
        let mut a = running.served_client(&unserved, "A")?;
        let mut b = running.served_client(&unserved, "B")?;
        let flood = payloads();
        while_it_sends(running, &failure_text, (&mut a, echo), &flood, |_| {
            (0..TRIPS).try_for_each(|_| {
                let word = nonce();
                let sent = b.send(&[echo, &word]);
                sent.and_then(|()| b.expect(&Reply::text(&word)))
                    .map_err(|why| unanswered(running, &failure_text, &word, &why))
            })
        })
    })?;
    Ok(format!("B was answered {TRIPS} times beside A"))
}

fn unanswered(
    running: &Running<'_>,
    failure_text: &FailureText,
    word: &str,
    trouble: &Trouble,
) -> EarlyEnd {
    let log = running.server.output();
    match trouble {
        Trouble::Silent { .. } if log.iter().any(|line| line.text.contains(word)) => {
            let what = "B's request, which is in the log,";
            WAS_READ.of(failure_text).trouble(what, trouble)
        }
        _ => beside(failure_text, "B's request", trouble),
    }
}
