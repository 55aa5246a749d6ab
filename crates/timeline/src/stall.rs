//! Whether the machine stood still during a run, or the program that played the clients
//! was stopped: that program's own clock says so, and nothing else does. It wakes up
//! every 10 ms, and a server that is slow or stopped cannot make it wake up late.

use crate::{
    chart::seconds,
    record::{Run, Stopped},
};

/// A late wake-up is worth a word from here on: 100 ms.
const WORTH_SAYING_US: u64 = 100_000;

/// The latest wake-up, if it was late enough to be seen in a chart.
///
/// The sentence is for a person: `the machine kept this program waiting for 0.40 s, at
/// 1.20 s`.
#[must_use]
pub fn of(run: &Run) -> Option<String> {
    let late = run.servers.iter().flat_map(|server| &server.late);
    let worst = late.max_by_key(|late| late.by_us)?;
    (worst.by_us >= WORTH_SAYING_US).then(|| {
        format!(
            "the machine kept this program waiting for {} s, at {} s",
            seconds(worst.by_us),
            seconds(worst.at_us)
        )
    })
}

/// The longest time for which the program that played the clients was stopped (Ctrl-Z).
#[must_use]
pub fn interruption(run: &Run) -> Option<Stopped> {
    let stopped = run.servers.iter().flat_map(|server| &server.suspended);
    stopped.copied().max_by_key(Stopped::length_us)
}

/// Both as sentences behind the verdict.
#[must_use]
pub(crate) fn sentences(run: &Run) -> Vec<String> {
    let interrupted = interruption(run).map(|stopped| {
        format!(
            "This run was interrupted: the program that plays the clients was stopped \
             from {} s \
             to {} s; times that differ by less prove nothing.",
            seconds(stopped.from_us),
            seconds(stopped.to_us)
        )
    });
    let stalled = of(run).map(|stall| {
        let rest = stall.strip_prefix('t').unwrap_or(&stall);
        format!("T{rest}; times that differ by less prove nothing.")
    });
    interrupted.into_iter().chain(stalled).collect()
}
