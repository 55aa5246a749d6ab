//! Every wait, and who held a place during it. Sorts and sweeps: 100,000 requests take a
//! fraction of a second.
//!
//! `wait.rs` is one wait. `named.rs` picks whom a request was behind: those whose place
//! it got (`holders.rs`), or all that it awaited, where `rivals.rs` finds that it was no
//! place.
//! `shares.rs` puts them in order, leaves out small shares, and names six at most.
//! `covered.rs` and `longest.rs` make the sweep quick.

mod covered;
mod holders;
mod longest;
mod named;
mod rivals;
mod shares;
pub(crate) mod wait;

use std::collections::HashSet;

use super::{
    SLACK_US,
    held::{self, Held, Holder},
    held_up, meetings,
    visit::Visit,
};
use crate::{
    no_room::{self, NoRoom},
    record::ServerRun,
    stall::ASKED_AGAIN_US,
};
use {covered::Covered, holders::Holders, longest::Longest, wait::Wait};

/// The waits of all visits, in their order, on a server whose connections hold places or
/// hold nothing.
///
/// Two requests that met were served together: neither waited for the other.
pub(crate) fn waits(
    server: &ServerRun,
    visits: &[Visit],
    has_places: bool,
    no_room: &NoRoom,
) -> Vec<Wait> {
    let mut connections = held::connections(server, visits);
    let mut services = held::services(visits, |_| false);
    let count = server.connections.len();
    let own = held::by_connection(&services, visits, count);
    held_up::leave_out(&mut services, visits);
    held_up::leave_out(&mut connections, visits);
    let turns = held::turns(visits, |_| false);
    let ahead = held::by_connection(&turns, visits, count);
    // Of these nobody knows when their services began.
    let unknown = held::turns(visits, |visit| visit.is_known);
    let sweep = |services, connections| {
        let holders =
            Holders::of(server, services, connections, &own, &ahead, has_places);
        Sweep::of(visits, holders, Longest::of(&unknown), no_room.met())
    };
    let mut waits = sweep(&services, &connections).run(|_| true);
    if visits.iter().any(|visit| visit.has_met) {
        let others = meetings::apart(&services, visits);
        let connections = meetings::apart(&connections, visits);
        let alone = sweep(&others, &connections).run(|visit| visit.has_met);
        for ((wait, alone), visit) in waits.iter_mut().zip(alone).zip(visits) {
            if visit.has_met {
                let may_be_behind = wait.is_explained();
                *wait = Wait {
                    may_be_behind,
                    ..alone
                };
            }
        }
    }
    waits
}

struct Sweep<'a> {
    visits: &'a [Visit],
    holders: Holders<'a>,
    /// Services and connections, in the order of their ends.
    all: Vec<Held>,
    is_service: &'a [Held],
    /// What may have been in service from its turn on.
    unknown: Longest<'a>,
    /// The connections for which the backlog had no room.
    found_no_room: &'a HashSet<usize>,
}

impl<'a> Sweep<'a> {
    fn of(
        visits: &'a [Visit],
        holders: Holders<'a>,
        unknown: Longest<'a>,
        found_no_room: &'a HashSet<usize>,
    ) -> Self {
        let (services, connections) = holders.in_order();
        let mut all = [services, connections].concat();
        all.sort_by_key(|one| one.to);
        Self {
            visits,
            is_service: services,
            holders,
            all,
            unknown,
            found_no_room,
        }
    }

    /// Goes through the visits in the order in which their waits ended.
    fn run(&self, of: impl Fn(&Visit) -> bool) -> Vec<Wait> {
        let mut waits = vec![Wait::default(); self.visits.len()];
        let mut order: Vec<usize> = (0..self.visits.len()).collect();
        order.sort_by_key(|index| self.visits.get(*index).map(Visit::limit));
        let (mut by_all, mut by_services) = (Covered::default(), Covered::default());
        let (mut all, mut services) = (self.all.iter(), self.is_service.iter());
        for index in order {
            let (Some(visit), Some(wait)) =
                (self.visits.get(index), waits.get_mut(index))
            else {
                continue;
            };
            let limit = visit.limit();
            by_all.add_ended(&mut all, limit);
            by_services.add_ended(&mut services, limit);
            if of(visit) && visit.waited() > 0 {
                *wait = self.wait(index, visit, &by_all, &by_services);
            }
        }
        waits
    }

    fn wait(
        &self,
        index: usize,
        visit: &Visit,
        by_all: &Covered,
        by_services: &Covered,
    ) -> Wait {
        let myself = Holder::Service(index);
        let (sent, turn, start) = (visit.sent, visit.turn(), visit.start());
        let ever = (sent, u64::MAX);
        let until = visit.limit();
        let (by_all, is_behind) = match self.holders.is_for_place(visit) {
            true => (by_all, self.holders.has(turn..until, myself, ever)),
            false => (
                by_services,
                self.holders.serve(turn..until, myself, ever, 0),
            ),
        };
        let half = visit.waited().div_ceil(2);
        let late = until..visit.replied + visit.slack();
        let unknown = self.unknown.ended(turn, late.end);
        let by = (sent, start);
        let mut wait = Wait {
            waited: visit.waited(),
            has_left: visit.is_first && self.holders.has_left(visit),
            covered: turn - sent + by_all.between(turn, start),
            covered_inside: visit.claimed_start.map_or(0, |claimed| {
                // What computes is slower on a busy machine, also beside silent clients.
                let by = if visit.computes { by_services } else { by_all };
                by.between(claimed.max(turn), start)
            }),
            served: by_services.between(turn, start),
            nearly_covered: self.holders.longest_service(late.clone(), turn..start),
            is_behind: is_behind || turn > sent,
            may_be_behind: self.unknown.has(unknown, myself, by, half)
                || self.holders.serve(late, myself, by, half),
            ..Wait::default()
        };
        let nobody_left = self.leave_open(&mut wait, visit, myself);
        if wait.is_explained() {
            self.name(&mut wait, visit, by_services);
            wait.may_be_another |= nobody_left;
        }
        wait
    }

    /// Notes whether it was perhaps behind others, and order does not show it. Returns
    /// whether the system may have asked again for its connection, when nobody left.
    fn leave_open(&self, wait: &mut Wait, visit: &Visit, myself: Holder) -> bool {
        // There was no room for it, and the system asked again for a connection.
        let is_let_in_late = visit.is_first && visit.is_known;
        let nobody_left = is_let_in_late && self.nobody_left(visit, myself);
        let asked_again = is_let_in_late
            && (nobody_left
                || wait.unexplained() >= ASKED_AGAIN_US
                || self.found_no_room.contains(&visit.connection));
        let is_unclear = wait.waited >= SLACK_US && !wait.is_covered();
        let may_be_held_back = is_unclear && self.may_be_held_back(visit, myself);
        wait.may_be_behind |=
            asked_again || may_be_held_back || wait.is_nearly_explained();
        nobody_left
    }

    /// Notes whom a request was behind, and whether there are more.
    fn name(&self, wait: &mut Wait, visit: &Visit, by_services: &Covered) {
        let named = self.holders.named(visit, by_services);
        let shares: u64 = named.shares.iter().map(|(_, share)| share).sum();
        // Many that are small are more than half of it.
        let are_small = shares + wait.waited / 2 < wait.covered;
        // The reply of another one seems to have come just after.
        let tenth = wait.waited / 10;
        let is_late = visit.limit() == visit.replied
            && wait.covered + tenth < wait.waited
            && wait.nearly_covered > tenth;
        wait.more = named.more || are_small || is_late;
        wait.shares = named.shares;
        wait.may_be_another = named.may_be_another;
    }

    /// Whether the reply of one that came before came just before its own, and that one
    /// was in service for half of its wait: its reply may have been held back until then.
    fn may_be_held_back(&self, visit: &Visit, myself: Holder) -> bool {
        let half = visit.waited().div_ceil(2);
        let same = self.holders.same_at(visit.replied);
        let just_before = visit.replied.saturating_sub(same)..visit.replied;
        let ever = (visit.sent, u64::MAX);
        self.holders.serve(just_before, myself, ever, half)
    }

    /// Whether a request was served just when the system asks again for a connection, and
    /// nobody had left.
    fn nobody_left(&self, visit: &Visit, myself: Holder) -> bool {
        let just_before = visit.start().saturating_sub(visit.slack())..visit.limit();
        no_room::asked_again(visit.sent, visit.start()).is_some()
            && !self.holders.has(just_before, myself, (u64::MAX, u64::MAX))
    }
}
