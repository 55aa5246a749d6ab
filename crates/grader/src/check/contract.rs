//! The server's contract: it listens where `--listen` says, prints where, and ends in
//! order.

use super::diagnosis::{Diagnosis, GOES_ON_CAUSE, unserved};
use crate::{
    early_end::{EarlyEnd, FailureText, Outcome},
    running::Running,
    workbench::Workbench,
};

const EVERYWHERE: Diagnosis = Diagnosis {
    means: "other machines reach a server that is meant for this one",
    causes: &["the host in --listen that is not passed to bind"],
};

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let failure_text = FailureText::new(
        format!(
            "started it with --listen 127.0.0.1:0; A sent {}, and left; then SIGTERM",
            workbench.echo()
        ),
        "its first line is `listening on ADDR`; A is answered there; it exits 0",
        "a script cannot stop the server in order with SIGTERM",
        &[
            "no handler for SIGTERM",
            "an accept that no signal ends",
            "a thread or a child that nobody stops",
        ],
    );
    workbench.with_server(|running| {
        if workbench.shared.one_at_a_time.is_some() {
            return Err(FailureText::new(
                "started two servers, each with --listen 127.0.0.1:0",
                "each listens on a free port, and prints it",
                "it cannot run beside another program that uses its port",
                &["a port that is written into the program; --listen is not read"],
            )
            .broken(format!(
                "the first listens on {}; a second cannot run beside it",
                running.address()
            )));
        }
        if !running.address().ip().to_canonical().is_loopback() {
            return Err(EVERYWHERE
                .of(&failure_text)
                .broken(format!("it says that it listens on {}", running.address())));
        }
        let a = running.served_client(&unserved(&failure_text), "A")?;
        drop(a);
        running.terminate();
        let end = running.expect_exit(&failure_text);
        end.map_err(|early_end| goes_on(workbench, running, early_end))?;
        Ok("announced, answered, ended with status 0".to_owned())
    })
}

/// One that did not end may still let clients in: then no accept waits for ever.
fn goes_on(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
    mut early_end: EarlyEnd,
) -> EarlyEnd {
    if let EarlyEnd::Silent(failure) = &mut early_end {
        let newcomer = running.connect();
        let trip = newcomer.and_then(|mut b| b.round_trip(workbench.echo()));
        if trip.is_ok() {
            failure
                .observed
                .push_str("; a new client was answered then");
            failure.likely_causes = vec![GOES_ON_CAUSE.to_owned()];
        }
    }
    early_end
}
