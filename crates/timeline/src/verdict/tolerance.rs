//! What the machine shows of itself: a shorter wait proves nothing about the server.

use super::{
    visit::{Reading, Visit},
    waits::wait::Wait,
};
use crate::record::{Late, ServerRun, Stopped};

/// A shorter wait is the machine's own (a wake-up, loopback), not somebody's: 5 ms.
pub(crate) const FLOOR_US: u64 = 5_000;

/// A wait must be longer than this many times the longest that nobody accounts for.
const TIMES: u64 = 4;

/// Of two moments no further apart than this it is not known which came first.
pub(crate) fn same_us(server: &ServerRun) -> u64 {
    same_between(&server.late, 0, u64::MAX)
}

/// The same for moments in a part of the run: only a late wake-up in that part can have
/// moved them.
pub(crate) fn same_between(late: &[Late], from: u64, to: u64) -> u64 {
    let then = |one: &&Late| one.at_us <= to && from <= one.at_us + one.by_us;
    let late = late.iter().filter(then).map(|late| late.by_us);
    FLOOR_US + late.max().unwrap_or(0)
}

/// Whether one of these moments, which are in order, is the same as this one.
pub(crate) fn is_among(moments: &[u64], moment: u64, same: u64) -> bool {
    let first = moments.partition_point(|one| one + same < moment);
    let first = moments.get(first);
    first.is_some_and(|one| *one <= moment + same)
}

/// How late a stamp may be, where the tolerance is this: a server that is slow itself
/// makes the tolerance large, but no stamp late.
pub(crate) fn noise_us(server: &ServerRun, tolerance_us: u64) -> u64 {
    (tolerance_us / TIMES).min(same_us(server))
}

/// How long a wait must be at the least to be laid to somebody's charge: four times the
/// longest that the machine kept a request, or this program, waiting for nobody, or that
/// this program or the server stood still.
pub(crate) fn of(
    server: &ServerRun,
    visits: &[Visit],
    waits: &[Wait],
    reading: Reading,
) -> u64 {
    let late = server.late.iter().map(|late| late.by_us);
    let still = server.suspended.iter().chain(&server.stopped);
    let still = still.map(Stopped::length_us);
    let unexplained = visits.iter().zip(waits).filter_map(|(visit, wait)| {
        let counts = visit.is_known && !visit.has_met && !wait.may_be_behind;
        let stretched = match reading {
            Reading::Claimed if !visit.computes && !visit.is_held_up => visit.excess,
            _ => 0,
        };
        counts.then(|| wait.unexplained().max(stretched))
    });
    let longest = late.chain(still).chain(unexplained).max().unwrap_or(0);
    longest.saturating_mul(TIMES).max(FLOOR_US)
}
