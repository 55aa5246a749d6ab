//! SIGTERM while a program of RUN runs: its client gets its reply.

use std::{thread, time::Duration};

use proto::Reply;

use super::{SETTLED, diagnoses::NO_END};
use crate::{
    check::diagnosis::unserved,
    early_end::{EarlyEnd, FailureText},
    test_client::Trouble,
    workbench::Workbench,
};

/// A program that runs is a request that runs.
pub(super) fn answers_a_program(workbench: &Workbench<'_>) -> Result<(), EarlyEnd> {
    if !workbench.shared.commands.know("RUN") {
        return Ok(());
    }
    match stop_beside_a_program(workbench, 1, SETTLED) {
        Err(EarlyEnd::Broken(_) | EarlyEnd::Silent(_)) => {
            let again = stop_beside_a_program(workbench, 3, Duration::from_secs(1));
            again.map_err(EarlyEnd::seen_once)
        }
        seen => seen,
    }
}

/// A runs `sleep` for some seconds; the signal is sent `settled` after A's request.
fn stop_beside_a_program(
    workbench: &Workbench<'_>,
    seconds: u64,
    settled: Duration,
) -> Result<(), EarlyEnd> {
    let long = seconds.to_string();
    let failure_text = FailureText::new(
        format!("A sent RUN sleep {long}; then SIGTERM"),
        "A gets its answer; exit 0",
        "a stop loses the reply to a program that runs",
        &[
            "a stop that ends the programs, or does not wait for the threads that do",
            "threads that nobody joins, or daemon threads, which end with the program",
        ],
    );
    workbench.with_server(|running| {
        let mut a = running.served_client(&unserved(&failure_text), "A")?;
        a.let_sleep(Duration::from_secs(seconds));
        let sent = a.send(&["RUN", "sleep", &long]);
        sent.map_err(|trouble| failure_text.trouble("A's RUN", &trouble))?;
        thread::sleep(settled);
        running.terminate();
        let (status, nothing) = (Reply::Integer(0), Reply::text(""));
        let due = Reply::Array(vec![status, nothing.clone(), nothing]);
        match a.expect(&due) {
            Ok(()) => running.expect_exit(&NO_END.of(&failure_text)),
            // Which programs it may run is its own affair.
            Err(Trouble::Unexpected {
                reply: Reply::Error(_),
                ..
            }) => Ok(()),
            Err(trouble @ Trouble::Closed { .. }) => {
                Err(failure_text.broken(format!("A's RUN {trouble}")))
            }
            Err(trouble) => Err(failure_text.trouble("A's RUN", &trouble)),
        }
    })
}
