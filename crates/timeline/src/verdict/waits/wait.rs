//! One request's wait: how long it was, and who held a place during it.

use crate::verdict::{held::Holder, visit::Visit};

/// One request's wait, from its sending to its service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wait {
    /// How long it was.
    pub(crate) waited: u64,
    /// For how much of it others held a place whose end it awaited.
    pub(crate) covered: u64,
    /// For how much of it one was in service whose reply came just after its own.
    pub(crate) nearly_covered: u64,
    /// The same between the claimed and the believed start of its service.
    pub(crate) covered_inside: u64,
    /// For how much of it, from its turn on, others were in service whose end it awaited.
    pub(crate) served: u64,
    /// Whether one of those had come before it.
    pub(crate) is_behind: bool,
    /// Whether somebody left when its service began; asked of a first request alone.
    pub(crate) has_left: bool,
    /// Whether one that was answered just after it may have been served just before it.
    pub(crate) may_be_behind: bool,
    /// Whether it may have been behind one that was answered just after it, and not
    /// behind these.
    pub(crate) may_be_another: bool,
    /// Who held a place in the meantime, and for how long.
    pub(crate) shares: Vec<(Holder, u64)>,
    /// Whether there were more than are named.
    pub(crate) more: bool,
}

impl Wait {
    /// The part that nobody accounts for.
    pub(crate) fn unexplained(&self) -> u64 {
        self.waited
            .saturating_sub(self.covered + self.nearly_covered)
    }

    /// Whether others account for at least half of it.
    pub(crate) fn is_explained(&self) -> bool {
        self.is_behind && self.is_covered()
    }

    /// The same with one that was answered just after it.
    pub(crate) fn is_nearly_explained(&self) -> bool {
        let covered = self.covered + self.nearly_covered;
        self.is_behind && self.nearly_covered > 0 && covered >= self.waited.div_ceil(2)
    }

    /// Whether it waited behind the requests of others, for longer than the tolerance,
    /// and not for a place: its connection had one, or nobody left when it was served.
    pub(crate) fn shows_no_places(&self, visit: &Visit, tolerance_us: u64) -> bool {
        let from_turn = visit.waited() - (visit.turn() - visit.sent);
        let needs_none = !visit.is_first || !(self.has_left || self.may_be_behind);
        let is_judged = visit.is_known && !visit.has_met && needs_none;
        is_judged && from_turn > tolerance_us && self.served * 2 >= from_turn
    }

    /// Whether those who account for it all came later.
    pub(crate) fn is_overtaken(&self) -> bool {
        !self.is_behind && self.is_covered()
    }

    pub(crate) fn is_covered(&self) -> bool {
        self.waited > 0 && self.covered >= self.waited.div_ceil(2)
    }
}
