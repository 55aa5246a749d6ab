//! Whether a wait ended because a place became free, or because of a rival: a service
//! that lasted for a quarter of the wait, and ended nearer to the end of the wait than
//! those closed who held the place.

use std::ops::Range;

use super::longest::Longest;
use crate::{
    record::Late,
    verdict::{
        held::{Held, Holder},
        tolerance,
        visit::Visit,
    },
};

/// Only the longest services can be rivals: this many are looked at.
const MOST: usize = 6;

/// A rival lasted for this part of the wait at least: a quarter.
const PART: u64 = 4;

pub(crate) struct Rivals<'a> {
    pub(crate) services: &'a Longest<'a>,
    /// The services of each connection.
    pub(crate) own: &'a [Longest<'a>],
    pub(crate) late: &'a [Late],
}

impl Rivals<'_> {
    /// Whether there is one among the services that the request awaited, of those who
    /// left at about this moment.
    pub(crate) fn are_awaited(&self, left: &[Held], moment: u64, visit: &Visit) -> bool {
        let nearest = nearest(left, moment);
        let after = moment.saturating_sub(nearest).max(visit.turn());
        let until = visit.limit().min(moment.saturating_add(nearest));
        self.exist(after..until, left, moment, visit, |_| true)
    }

    /// Whether there may be one whose reply came just after that of the request.
    pub(crate) fn may_be_later(&self, places: &[Held], visit: &Visit) -> bool {
        let late = visit.limit()..visit.replied + visit.slack();
        self.exist(late, places, visit.start(), visit, |one| {
            one.came <= visit.sent && one.earliest_end <= visit.start()
        })
    }

    /// Whether one of the services that ended in a range, its start left out, is a rival
    /// of those who left at a moment, up to which the wait is looked at.
    fn exist(
        &self,
        ended: Range<u64>,
        left: &[Held],
        moment: u64,
        visit: &Visit,
        is_possible: impl Fn(&Held) -> bool,
    ) -> bool {
        let nearest = nearest(left, moment);
        let is_nearer = |one: &Held| {
            let closed = moment.saturating_sub(nearest).min(one.to);
            let same = tolerance::same_between(self.late, closed, moment.max(one.to));
            one.to.abs_diff(moment).saturating_add(same) < nearest
        };
        let range = self.services.ended(ended.start, ended.end);
        let (anybody, ever) = (Holder::Service(usize::MAX), (u64::MAX, u64::MAX));
        let turn = visit.turn();
        let least = (visit.start() - turn).div_ceil(PART);
        if !self.services.has(range.clone(), anybody, ever, least) {
            return false;
        }
        let longest = self.services.shares(range, turn, moment, MOST);
        longest.iter().any(|(one, share)| {
            *share >= least
                && is_possible(one)
                && is_nearer(one)
                && !self.is_of(one, left)
        })
    }

    /// Whether a service is one of these connections'.
    fn is_of(&self, service: &Held, connections: &[Held]) -> bool {
        connections.iter().any(|one| match one.holder {
            Holder::Connection(index) => {
                let own = self.own.get(index);
                own.is_some_and(|own| own.with(service.holder, service.to).is_some())
            }
            Holder::Service(_) => false,
        })
    }
}

/// How far the nearest of those who left is from a moment.
fn nearest(left: &[Held], moment: u64) -> u64 {
    let distances = left.iter().map(|one| one.to.abs_diff(moment));
    distances.min().unwrap_or(u64::MAX)
}
