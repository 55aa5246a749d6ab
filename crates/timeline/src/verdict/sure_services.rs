//! When requests were surely in service: from the latest start of each to its earliest
//! end.

use super::visit::Visit;

/// The sure part of every service.
pub(crate) struct SureServices {
    /// In order.
    starts: Vec<u64>,
    /// In order.
    ends: Vec<u64>,
    /// Of two moments no further apart than this it is not known which came first.
    same: u64,
}

impl SureServices {
    pub(crate) fn of(visits: &[Visit], same: u64) -> Self {
        let sure = visits.iter().filter_map(Visit::sure_service);
        let (mut starts, mut ends): (Vec<u64>, Vec<u64>) = sure.unzip();
        starts.sort_unstable();
        ends.sort_unstable();
        Self { starts, ends, same }
    }

    /// Whether another request was surely in service while this one was, as it is read.
    pub(crate) fn are_beside(&self, visit: &Visit) -> bool {
        let from = visit.start() + self.same;
        let to = visit.replied.saturating_sub(self.same);
        let begun = self.starts.partition_point(|start| *start < to);
        let ended = self.ends.partition_point(|end| *end <= from);
        let own = visit.sure_service();
        let is_among = own.is_some_and(|(start, end)| start < to && end > from);
        from < to && begun - ended > usize::from(is_among)
    }
}
