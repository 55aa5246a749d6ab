//! Whether a wait ended because a place became free, or because of a rival: a service
//! that lasted for half of the wait, and ended nearer to the end of the wait than those
//! closed who held the place.

use std::ops::Range;

use super::{
    held::{Held, Holder},
    longest::Longest,
    tolerance,
    visit::Visit,
};
use crate::record::Late;

/// Only the longest services can be rivals: this many are looked at.
const MOST: usize = 6;

pub(super) struct Rivals<'a> {
    pub(super) services: &'a Longest<'a>,
    /// The services of each connection.
    pub(super) own: &'a [Longest<'a>],
    pub(super) late: &'a [Late],
}

impl Rivals<'_> {
    /// Whether there is one among the services that the request awaited.
    pub(super) fn are_awaited(&self, places: &[Held], visit: &Visit) -> bool {
        let (turn, start) = (visit.turn(), visit.start());
        let nearest = nearest(places, start);
        let after = start.saturating_sub(nearest).max(turn);
        let until = visit.limit().min(start.saturating_add(nearest));
        self.exist(after..until, places, visit, |_| true)
    }

    /// Whether there may be one whose reply came just after that of the request.
    pub(super) fn may_be_later(&self, places: &[Held], visit: &Visit) -> bool {
        let late = visit.limit()..visit.replied + visit.slack();
        self.exist(late, places, visit, |one| {
            one.came <= visit.sent && one.earliest_end <= visit.start()
        })
    }

    /// Whether one of the services that ended in a range, its start left out, is a rival.
    fn exist(
        &self,
        ended: Range<u64>,
        places: &[Held],
        visit: &Visit,
        is_possible: impl Fn(&Held) -> bool,
    ) -> bool {
        let (turn, start) = (visit.turn(), visit.start());
        let nearest = nearest(places, start);
        let is_nearer = |one: &Held| {
            let left = start.saturating_sub(nearest).min(one.to);
            let same = tolerance::same_between(self.late, left, start.max(one.to));
            one.to.abs_diff(start).saturating_add(same) < nearest
        };
        let range = self.services.ended(ended.start, ended.end);
        let (anybody, ever) = (Holder::Service(usize::MAX), (u64::MAX, u64::MAX));
        let half = (start - turn).div_ceil(2);
        if !self.services.has(range.clone(), anybody, ever, half) {
            return false;
        }
        let longest = self.services.shares(range, turn, start, MOST);
        longest.iter().any(|(one, share)| {
            *share >= half
                && is_possible(one)
                && is_nearer(one)
                && !self.is_of(one, places)
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

/// How far the nearest of the places is from the end of the wait.
fn nearest(places: &[Held], start: u64) -> u64 {
    let distances = places.iter().map(|one| one.to.abs_diff(start));
    distances.min().unwrap_or(u64::MAX)
}
