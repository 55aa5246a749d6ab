//! Whether the machine stood still during a run, or the program that played the clients
//! was stopped: that program's own clock says so, and nothing else does. It wakes up
//! every 10 ms, and a server that is slow or stopped cannot make it wake up late.

use crate::{
    chart::seconds,
    no_room::{NoRoom, late_us},
    record::{Late, Run, Stopped},
};

/// What nobody accounts for is worth a sentence from here on: 100 ms.
pub(crate) const WORTH_SAYING_US: u64 = 100_000;
/// Scenarios let their clients come 50 ms after each other: 30 ms.
const DECISIVE_US: u64 = 30_000;
/// The system asks again for a connection after 1 s: the server had no room for it.
pub(crate) const ASKED_AGAIN_US: u64 = 1_000_000;

/// The latest wake-up, if it was late enough to be seen in a chart.
///
/// The sentence is for a person: `the machine kept this program waiting for 0.40 s, at
/// 1.20 s`.
#[must_use]
pub fn of(run: &Run) -> Option<String> {
    let worst = worst(run).filter(|(late, _)| late.by_us >= WORTH_SAYING_US);
    worst.map(kept_waiting)
}

/// The latest wake-up; beside which server, where each has a clock of its own.
fn worst(run: &Run) -> Option<(Late, Option<&str>)> {
    let late = run.servers.iter().flat_map(|server| {
        let beside = Some(server.name.as_str()).filter(|_| run.in_turn);
        server.late.iter().map(move |late| (*late, beside))
    });
    late.max_by_key(|(late, _)| late.by_us)
}

fn kept_waiting((late, beside): (Late, Option<&str>)) -> String {
    let beside = beside.map_or_else(String::new, |server| format!(" of {server}"));
    format!(
        "the machine kept this program waiting for {} s, at {} s{beside}",
        seconds(late.by_us),
        seconds(late.at_us)
    )
}

/// What may have changed the order of a run, whatever the servers do: a late wake-up of
/// 30 ms or more, or a client that came so late.
///
/// The sentence is for a person, as of [`of`], or `client A came 0.06 s late`.
#[must_use]
pub fn may_decide(run: &Run) -> Option<String> {
    let late = worst(run).filter(|(late, _)| late.by_us >= DECISIVE_US);
    late.map(kept_waiting).or_else(|| late_client(run))
}

fn late_client(run: &Run) -> Option<String> {
    let late = run.servers.iter().flat_map(|server| {
        let no_room = NoRoom::of(server);
        server.connections.iter().filter_map(move |connection| {
            let by_us = late_us(server, connection)?;
            let is_late = (DECISIVE_US..ASKED_AGAIN_US).contains(&by_us);
            let is_late = is_late && !no_room.delayed(connection);
            is_late.then(|| (by_us, connection.client.clone()))
        })
    });
    let (by_us, client) = late.max()?;
    Some(format!("client {client} came {} s late", seconds(by_us)))
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
