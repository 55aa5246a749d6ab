//! Sleeps and scripts that ended late because another request computed: an event loop
//! looks at no timer, and at no program, meanwhile.

use super::{
    blocked::LEAST_EXCESS_US,
    held::{Held, Holder},
    tolerance,
    visit::Visit,
};
use crate::record::ServerRun;

/// How many are looked at, at most, if several computed and were answered together.
const MOST: usize = 64;

/// Notes each SLEEP, and each RUN, that was answered together with a request that
/// computed, and from the end of its own time on waited for nothing else: the one that
/// computed was in service for nine tenths of what the server says beyond that time. It
/// began later: a loop that computes begins nothing.
pub(crate) fn mark(server: &ServerRun, visits: &mut [Visit]) {
    let computing = visits.iter().filter(|visit| visit.computes);
    // When each was answered, and since when it was in service.
    let mut computing: Vec<(u64, u64)> = computing
        .map(|visit| (visit.replied, visit.claimed_start.unwrap_or(visit.start())))
        .collect();
    computing.sort_unstable();
    if computing.is_empty() {
        return;
    }
    for visit in visits {
        let Some(begun) = visit.claimed_start.filter(|_| visit.is_elsewhere) else {
            continue;
        };
        if visit.excess <= LEAST_EXCESS_US {
            continue;
        }
        let since = visit.replied - visit.excess + visit.excess / 10;
        let same = tolerance::same_between(&server.late, visit.replied, visit.replied);
        let first = computing.partition_point(|one| one.0 + same < visit.replied);
        let near = computing.iter().skip(first).take(MOST);
        let mut near = near.take_while(|one| one.0 <= visit.replied + same);
        visit.is_held_up = near.any(|(_, start)| (begun..=since).contains(start));
    }
}

/// Leaves out, on an event loop, those who sleep or wait for others to meet, and the
/// connections: they are in nobody's way there.
pub(crate) fn leave_out(held: &mut Vec<Held>, visits: &[Visit]) {
    if !visits.iter().any(|visit| visit.is_held_up) {
        return;
    }
    let is_idle = |visit: &Visit| visit.is_elsewhere || visit.is_meeting;
    held.retain(|one| match one.holder {
        Holder::Service(index) => visits.get(index).is_some_and(|one| !is_idle(one)),
        Holder::Connection(_) => false,
    });
}
