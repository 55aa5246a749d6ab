//! When a connection that never got a reply can have held a place: a server lets clients
//! in in the order in which they came.

use crate::{
    record::ServerRun,
    verdict::{tolerance, visit::Visit},
};

/// The connections with a reply: when each came, and when its first service began.
pub(crate) struct Arrivals {
    /// In the order in which they came.
    came: Vec<u64>,
    /// By when each of these, and all before it, surely was served.
    last_start: Vec<u64>,
    /// When one of these, or of those after it, was surely served.
    first_start: Vec<u64>,
    /// All connections: when each came, and by when it and all before it had left.
    all: Vec<(u64, u64)>,
    /// Of two that came within this time it is not known who came first.
    same: u64,
}

impl Arrivals {
    /// `first` has the first visit of each connection of the server.
    pub(crate) fn of(server: &ServerRun, first: &[Option<&Visit>]) -> Self {
        let both = server.connections.iter().zip(first);
        let mut served: Vec<(u64, &Visit)> = both
            .filter_map(|(connection, first)| Some((connection.opened_us?, (*first)?)))
            .collect();
        served.sort_by_key(|(came, _)| *came);
        let came = served.iter().map(|(came, _)| *came).collect();
        let is_known = |visit: &Visit| if visit.is_known { visit.start() } else { 0 };
        let mut last = 0;
        let last_start = served.iter().map(|(_, visit)| {
            last = last.max(is_known(visit));
            last
        });
        let last_start = last_start.collect();
        let mut soonest = u64::MAX;
        let first_start = served.iter().rev().map(|(_, visit)| {
            soonest = soonest.min(visit.latest_start());
            soonest
        });
        let mut first_start: Vec<u64> = first_start.collect();
        first_start.reverse();
        let opened = server
            .connections
            .iter()
            .filter_map(|one| Some((one.opened_us?, one.closed_us.unwrap_or(u64::MAX))));
        let mut all: Vec<(u64, u64)> = opened.collect();
        all.sort_unstable();
        let mut latest = 0;
        for (_, closed) in &mut all {
            latest = latest.max(*closed);
            *closed = latest;
        }
        Self {
            came,
            last_start,
            first_start,
            all,
            same: tolerance::same_us(server),
        }
    }

    /// From when on a connection can have held a place, and by when it surely did: it
    /// came alone, or one that came later was served then. `None` if it never held one.
    pub(crate) fn let_in(&self, opened: u64, closed: u64) -> Option<(u64, u64)> {
        let before = |moment: u64| self.came.partition_point(|came| *came < moment);
        let earlier = before((opened + 1).saturating_sub(self.same));
        let later = before(opened + self.same);
        let last = earlier
            .checked_sub(1)
            .and_then(|index| self.last_start.get(index));
        let next = self.first_start.get(later).copied().unwrap_or(u64::MAX);
        let from = last.map_or(opened, |last| opened.max(*last));
        let by = if self.is_alone(opened) {
            from
        } else {
            next.max(from)
        };
        (from < closed).then_some((from, by))
    }

    /// Whether a client was alone when it came. Then the server was free, and let it in
    /// at once.
    fn is_alone(&self, opened: u64) -> bool {
        let until = |moment: u64| self.all.partition_point(|(came, _)| *came < moment);
        let before = until((opened + 1).saturating_sub(self.same));
        let others = until(opened + self.same) - before;
        let last = before.checked_sub(1).and_then(|last| self.all.get(last));
        others == 1
            && last.is_none_or(|(_, left)| *left <= opened.saturating_sub(self.same))
    }
}
