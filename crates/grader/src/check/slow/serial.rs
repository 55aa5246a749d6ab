//! For one thread in all: B is answered only after A.

use std::time::Duration;

use proto::Reply;

use super::{long::Long, too_soon::TooSoon, wait_for_either};
use crate::{
    early_end::{FailureText, Outcome},
    nonce::nonce,
    workbench::Workbench,
};

pub(super) fn must_wait(workbench: &Workbench<'_>) -> Outcome {
    let failure_text = FailureText::new(
        format!("A sent SLEEP 1s; then B sent {}", workbench.echo()),
        "B is answered only after A",
        "it serves several requests at once",
        &["a thread for each client, where the assignment asks for one thread in all"],
    );
    workbench.with_server(|running| {
        let mut a = running.served_client(&failure_text, "A")?;
        a.let_sleep(Duration::from_secs(1));
        let too_soon = TooSoon::before_sending("SLEEP 1s", 1);
        let sent = a.send(&["SLEEP", "1s"]);
        sent.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
        let mut b = running.test_client(&failure_text, "B")?;
        let word = nonce();
        let sent = b.send(&[workbench.echo(), &word]);
        sent.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
        wait_for_either(running, 1, &a, &b);
        let b_was_first = b.has_something() && !a.has_something();
        let reply = a.expect(&Reply::ok());
        reply.map_err(|trouble| failure_text.trouble("A's SLEEP", &trouble))?;
        too_soon.is_not(Long::Sleep)?;
        // A leaves, for the sake of a server that serves connections one by one.
        drop(a);
        let reply = b.expect(&Reply::text(&word));
        reply.map_err(|trouble| failure_text.trouble("B's request", &trouble))?;
        match b_was_first {
            false => Ok("B was answered only after A was".to_owned()),
            // A machine that stalls can let B's request arrive before A's.
            true => Err(failure_text.silent(
                "B was answered while A was still being served (seen twice, on fresh \
                 servers)",
            )),
        }
    })
}
