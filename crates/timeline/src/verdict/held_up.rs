//! Sleeps that ended late because another request computed: an event loop looks at no
//! timer meanwhile.

use super::{blocked::LEAST_EXCESS_US, tolerance, visit::Visit};
use crate::record::ServerRun;

/// Notes each request that was answered together with one that computed, and from the end
/// of its own time on waited for nothing else: one that computed was in service for nine
/// tenths of what the server says beyond that time.
pub(super) fn mark(server: &ServerRun, visits: &mut [Visit]) {
    let same = tolerance::same_us(server);
    let computing = visits.iter().filter(|visit| visit.computes);
    // When each was answered, and since when it was in service.
    let mut computing: Vec<(u64, u64)> = computing
        .map(|visit| (visit.replied, visit.claimed_start.unwrap_or(visit.start())))
        .collect();
    computing.sort_unstable();
    for visit in visits {
        if visit.computes || visit.excess <= LEAST_EXCESS_US {
            continue;
        }
        let since = visit.replied - visit.excess + visit.excess / 10;
        let first = computing.partition_point(|one| one.0 + same < visit.replied);
        let near = computing.iter().skip(first);
        let mut near = near.take_while(|one| one.0 <= visit.replied + same);
        visit.is_held_up = near.any(|(_, start)| *start <= since);
    }
}
