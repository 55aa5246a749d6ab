//! Who was in service at once, and who was answered first, in the plainest way.

use timeline::record::Connection;

use super::{
    MS,
    relations::{Definition, Seen},
};

impl Definition<'_> {
    /// The largest set of requests of which each two were in service at once for certain.
    pub(super) fn in_service(&self) -> usize {
        let sets = 0_u32..1 << self.seen.len();
        let largest = sets
            .filter(|set| self.is_together(*set))
            .map(u32::count_ones)
            .max();
        usize::try_from(largest.unwrap_or(0)).unwrap()
    }

    fn is_together(&self, set: u32) -> bool {
        let chosen: Vec<&Seen> = self
            .seen
            .iter()
            .enumerate()
            .filter(|(index, _)| set & (1 << index) != 0)
            .map(|(_, one)| one)
            .collect();
        let meets = |x: &Seen, y: &Seen| x.started < y.earliest_end();
        let pairs = chosen.iter().enumerate();
        pairs.into_iter().all(|(index, x)| {
            chosen[index + 1..]
                .iter()
                .all(|y| meets(x, y) && meets(y, x))
        })
    }

    pub(super) fn passes(&self, x: &Seen) -> bool {
        let surely = |y: &Seen| y.started <= x.sent && y.earliest_end() > x.replied;
        let came = self.server.connections[x.connection].opened_us.unwrap() / MS;
        let is_silent = self.server.connections.iter().any(|one| {
            let opened = one.opened_us.unwrap() / MS;
            gaps(one).into_iter().any(|(from, to)| {
                let has_place = from > opened || opened <= came;
                has_place && from <= x.sent && to > x.replied
            })
        });
        is_silent || self.seen.iter().any(surely)
    }
}

/// When the client of a connection asked for nothing, 5 ms at least, in milliseconds.
fn gaps(connection: &Connection) -> Vec<(u64, u64)> {
    let mut since = connection.opened_us.unwrap();
    let mut gaps = Vec::new();
    for request in &connection.requests {
        gaps.push((since, request.sent_us.unwrap()));
        since = request.replied_us.unwrap();
    }
    gaps.push((since, connection.closed_us.unwrap()));
    gaps.retain(|(from, to)| to.saturating_sub(*from) >= 5 * MS);
    gaps.into_iter()
        .map(|(from, to)| (from / MS, to / MS))
        .collect()
}
