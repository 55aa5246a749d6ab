//! What leaves it open whether a request was blocked, in the plainest way.

use super::{
    MS,
    places::SAME,
    relations::{Definition, Seen},
};

impl Definition<'_> {
    /// Whether the replies may have changed places on their way.
    pub(super) fn may_be_behind(&self, x: &Seen) -> bool {
        let slack = x.slack();
        let covered = self.covered(x) + self.nearly_covered(x);
        let is_nearly_explained = self.came_before(x)
            && self.nearly_covered(x) > 0
            && 2 * covered >= x.started - x.sent;
        is_nearly_explained
            || self.may_be_held_back(x)
            || self.others(x).any(|y| {
                let is_late =
                    (x.limit() + 1..=x.replied * MS + slack).contains(&(y.replied * MS));
                let is_long = 2 * y.service() >= x.started - x.sent;
                is_late && is_long && y.sent <= x.sent && y.earliest_end() <= x.started
            })
    }

    /// Whether its reply may have been held back until that of one that came before.
    fn may_be_held_back(&self, x: &Seen) -> bool {
        let waited = x.started - x.sent;
        let is_covered = waited > 0 && 2 * self.covered(x) >= waited;
        let mut others = self.others(x);
        !is_covered
            && waited >= 50
            && others.any(|y| {
                let is_then = y.replied <= x.replied && x.replied < y.replied + SAME;
                is_then && y.sent <= x.sent && 2 * y.service() >= waited
            })
    }

    /// For how long of its wait one was in service whose reply came just after its own.
    pub(super) fn nearly_covered(&self, x: &Seen) -> u64 {
        let late = x.limit() + 1..=x.replied * MS + x.slack();
        let others = self.others(x).filter(|y| late.contains(&(y.replied * MS)));
        let share = |y: &Seen| {
            y.replied
                .min(x.started)
                .saturating_sub(y.started.max(x.turn))
        };
        others.map(share).max().unwrap_or(0)
    }
}
