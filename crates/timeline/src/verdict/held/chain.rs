//! Whose place a request got: a connection that left as its service began, and before
//! that one another, back to the moment at which the request came.

use std::collections::{BTreeSet, HashMap};

use super::{Held, Holder, known_starts};
use crate::{
    record::Late,
    verdict::{tolerance, visit::Visit},
};

/// A longer chain is not followed: only the largest shares of a wait are named.
const MOST: usize = 64;

/// Every connection that held a place.
pub(crate) struct Places<'a> {
    /// In the order of their ends.
    ended: &'a [Held],
    /// When the last service of each connection ended.
    last_ends: Vec<Option<u64>>,
    /// From when on those had a place that got one which another had left.
    got: HashMap<Holder, u64>,
    late: &'a [Late],
}

impl<'a> Places<'a> {
    /// `ended` holds the connections in the order of their ends, `own` the services of
    /// each connection.
    pub(crate) fn of(ended: &'a [Held], own: &[Vec<Held>], late: &'a [Late]) -> Self {
        let last_end = |own: &Vec<Held>| own.iter().map(|one| one.to).max();
        Self {
            ended,
            got: got(ended, late),
            last_ends: own.iter().map(last_end).collect(),
            late,
        }
    }

    /// The connections whose place the request got, one after another; `None` if they do
    /// not lead back to its turn, or if some that left at a moment have a rival. All that
    /// left at the same moment are named, but none that left in silence where the others
    /// account for the wait.
    pub(crate) fn chain(
        &self,
        visit: &Visit,
        have_rival: impl Fn(&[Held], u64) -> bool,
    ) -> Option<Vec<Held>> {
        let of = |is_served| self.way_back(visit, &have_rival, is_served);
        of(true).or_else(|| of(false))
    }

    /// `is_served`: where some that left at a moment had just got a reply, it leads by
    /// these alone.
    fn way_back(
        &self,
        visit: &Visit,
        have_rival: &impl Fn(&[Held], u64) -> bool,
        is_served: bool,
    ) -> Option<Vec<Held>> {
        let mut chain: Vec<Held> = Vec::new();
        let (turn, slack) = (visit.turn(), visit.slack());
        let mut moment = visit.start();
        while moment > turn + slack {
            let until = (moment + slack).min(visit.limit());
            let from = moment.saturating_sub(slack).max(turn + 1);
            let left = self.left(from, until);
            if chain.len() + left.len() > MOST {
                return None;
            }
            let is_new = |one: &&Held| {
                one.from < moment && !chain.iter().any(|had| had.holder == one.holder)
            };
            let left = left.iter().filter(is_new).copied().collect();
            let mut left = self.likeliest(left, moment);
            if is_served {
                let just_after = self.left(from, moment + slack).iter().take(MOST);
                let others = just_after.filter(is_new).copied().collect();
                self.keep_served(&mut left, others, moment);
            }
            if have_rival(&left, moment) {
                return None;
            }
            let left = left.into_iter();
            let left: Vec<Held> = left.map(|one| self.let_in(one)).collect();
            moment = left.iter().map(|one| one.from).min()?;
            chain.extend(left);
        }
        (!chain.is_empty()).then_some(chain)
    }

    /// Those that left between two moments, both included.
    fn left(&self, from: u64, to: u64) -> &'a [Held] {
        let from = self.ended.partition_point(|one| one.to < from);
        let to = self.ended.partition_point(|one| one.to <= to);
        self.ended.get(from..to).unwrap_or_default()
    }

    fn let_in(&self, one: Held) -> Held {
        let from = self.got.get(&one.holder).copied().unwrap_or(one.from);
        Held { from, ..one }
    }

    /// Takes those in place of the likeliest that left as near to the moment as these,
    /// and had a reply just before they left, if there are any.
    fn keep_served(&self, likeliest: &mut Vec<Held>, mut left: Vec<Held>, moment: u64) {
        let distance = |one: &Held| one.to.abs_diff(moment);
        let nearest = likeliest.iter().map(distance).min().unwrap_or(0);
        let is_served = |one: &Held| {
            let same = |a: u64, b: u64| tolerance::same_between(self.late, a, b);
            let last = match one.holder {
                Holder::Connection(index) => self.last_ends.get(index).copied().flatten(),
                Holder::Service(_) => None,
            };
            let near = same(one.to.min(moment), one.to.max(moment));
            last.is_some_and(|last| last <= moment && one.to <= last + same(last, one.to))
                && distance(one) <= nearest + near
        };
        left.retain(is_served);
        if !left.is_empty() {
            *likeliest = left;
        }
    }

    /// Those that left before the moment, if there are any; of these those that left just
    /// then, if there are any; of these those that surely held a place, if there are any;
    /// and of these the nearest.
    fn likeliest(&self, mut left: Vec<Held>, moment: u64) -> Vec<Held> {
        let same = tolerance::same_between(self.late, moment, moment);
        // A connection is one microsecond longer than its last reply.
        let is_before = |one: &Held| one.to <= moment + 1;
        let is_then = |one: &Held| one.to.abs_diff(moment) <= same;
        let likely: [&dyn Fn(&Held) -> bool; 3] = [&is_before, &is_then, &Held::is_sure];
        for is_likely in likely {
            if left.iter().any(is_likely) {
                left.retain(is_likely);
            }
        }
        // If nothing is sure of any, the first that came held a place, if any did.
        if left.iter().all(|one| !one.is_sure()) {
            left.sort_by_key(|one| (one.came, one.holder));
            left.truncate(1);
        }
        let distance = |one: &Held| one.to.abs_diff(moment);
        let nearest = left.iter().map(distance).min().unwrap_or(0);
        left.retain(|one| {
            let same = tolerance::same_between(self.late, one.to.min(moment), moment);
            distance(one) <= nearest + same
        });
        left
    }
}

/// From when on those had a place of whom it is not known: each took the last one that
/// was left before it surely had one, and that nobody was served in from then on. The
/// last that came takes first: before it, the others had theirs.
fn got(ended: &[Held], late: &[Late]) -> HashMap<Holder, u64> {
    let starts = known_starts(ended);
    let same = |moment: u64| tolerance::same_between(late, moment, moment);
    let is_taken = |moment| tolerance::is_among(&starts, moment, same(moment));
    let is_free = |one: &&Held| one.is_sure() && !is_taken(one.to);
    let left = ended.iter().filter(is_free);
    let mut left: BTreeSet<(u64, Holder)> =
        left.map(|one| (one.to, one.holder)).collect();
    let mut unsure: Vec<&Held> = ended.iter().filter(|one| !one.is_known()).collect();
    unsure.sort_by_key(|one| (one.came, one.holder));
    let took = unsure.into_iter().rev().filter_map(|one| {
        let until = one.let_in_by.min(one.to.saturating_sub(same(one.to) + 1));
        let until = until.max(one.from);
        let free = left
            .range((one.from + 1, Holder::Service(0))..(until + 1, Holder::Service(0)));
        let place = *free.last()?;
        left.remove(&place);
        Some((one.holder, place.0))
    });
    took.collect()
}
