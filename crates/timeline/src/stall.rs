//! Whether the machine stood still during a run: the clock of the program that played the
//! clients says so, and nothing else does. It wakes up every 10 ms, and a server that is slow
//! or stopped can't make it wake up late.

use crate::{chart::seconds, record::Run};

/// A late wake-up is worth a word from here on: 100 ms.
const WORTH_TELLING_US: u64 = 100_000;

/// The latest wake-up, if it was late enough to be seen in a chart.
///
/// The sentence is for a person: `the machine kept this program waiting for 0.40 s, at 1.20 s`.
#[must_use]
pub fn of(run: &Run) -> Option<String> {
    let late = run.servers.iter().flat_map(|server| &server.late);
    let worst = late.max_by_key(|late| late.by_us)?;
    (worst.by_us >= WORTH_TELLING_US).then(|| {
        format!(
            "the machine kept this program waiting for {} s, at {} s",
            seconds(worst.by_us),
            seconds(worst.at_us)
        )
    })
}

/// The same as a sentence behind the verdict.
#[must_use]
pub(crate) fn sentence(run: &Run) -> Option<String> {
    let stall = of(run)?;
    let rest = stall.strip_prefix('t').unwrap_or(&stall);
    Some(format!(
        "T{rest}; times that differ by so much prove nothing."
    ))
}
