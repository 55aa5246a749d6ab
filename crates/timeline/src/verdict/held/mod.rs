//! Who held a place of the server, and how long: a request in service, or a connection
//! from its first service to its close.
//!
//! `arrivals.rs` says when a connection without a reply can have got its place, and
//! `passed_on.rs` by when it surely had one. `chain.rs` follows a place from one to the
//! one who had it before.

mod arrivals;
pub(crate) mod chain;
mod passed_on;

use super::visit::Visit;
use crate::record::{Connection, ServerRun};
use arrivals::Arrivals;

/// So much later a client may see that the server has closed its connection: 1 ms.
const SEEN_LATE_US: u64 = 1_000;

/// Who holds a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Holder {
    /// A request in service: its index among the visits.
    Service(usize),
    /// A connection that is open: its index.
    Connection(usize),
}

/// A place that was held, in microseconds from the start of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) holder: Holder,
    /// When its client asked for it.
    pub(crate) came: u64,
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// Before this moment it was not given back.
    pub(crate) earliest_end: u64,
    /// By when it surely was held. Of a connection without a reply, `from` is the
    /// earliest moment, and this may never come.
    pub(crate) let_in_by: u64,
}

impl Held {
    pub(crate) fn is_sure(&self) -> bool {
        self.let_in_by < self.to
    }

    /// Whether it is known when it began.
    pub(crate) fn is_known(&self) -> bool {
        self.let_in_by <= self.from
    }

    /// For how long, between two moments.
    pub(crate) fn between(&self, from: u64, to: u64) -> u64 {
        self.to.min(to).saturating_sub(self.from.max(from))
    }
}

/// The services of all visits but these, in the order of their ends.
pub(crate) fn services(visits: &[Visit], but: impl Fn(&Visit) -> bool) -> Vec<Held> {
    held_from(Visit::start, visits, but)
}

/// What a request is in the way of those behind it on its connection: from its turn to
/// its reply. In the order of their ends.
pub(crate) fn turns(visits: &[Visit], but: impl Fn(&Visit) -> bool) -> Vec<Held> {
    held_from(Visit::turn, visits, but)
}

fn held_from(
    from: impl Fn(&Visit) -> u64,
    visits: &[Visit],
    but: impl Fn(&Visit) -> bool,
) -> Vec<Held> {
    let visits = visits.iter().enumerate().filter(|(_, visit)| !but(visit));
    let mut held: Vec<Held> = visits
        .map(|(index, visit)| Held {
            holder: Holder::Service(index),
            came: visit.sent,
            from: from(visit),
            to: visit.replied,
            earliest_end: visit.earliest_end(),
            let_in_by: visit.start(),
        })
        .collect();
    held.sort_by_key(|one| (one.to, one.from));
    held
}

/// When somebody surely took a place: the moments in their order.
pub(crate) fn known_starts(held: &[Held]) -> Vec<u64> {
    let known = held.iter().filter(|one| one.is_known());
    let mut starts: Vec<u64> = known.map(|one| one.from).collect();
    starts.sort_unstable();
    starts
}

/// The services, in the order of their ends, by connection.
pub(crate) fn by_connection(
    services: &[Held],
    visits: &[Visit],
    connections: usize,
) -> Vec<Vec<Held>> {
    let mut own = vec![Vec::new(); connections];
    let of = |holder| match holder {
        Holder::Service(index) => visits.get(index).map(|visit| visit.connection),
        Holder::Connection(_) => None,
    };
    for held in services {
        if let Some(own) = of(held.holder).and_then(|index| own.get_mut(index)) {
            own.push(*held);
        }
    }
    own
}

/// The connections that were closed, in the order of their ends.
pub(crate) fn connections(server: &ServerRun, visits: &[Visit]) -> Vec<Held> {
    let mut first: Vec<Option<&Visit>> = vec![None; server.connections.len()];
    let mut last = first.clone();
    for visit in visits {
        if let (Some(first), Some(last)) = (
            first.get_mut(visit.connection),
            last.get_mut(visit.connection),
        ) {
            first.get_or_insert(visit);
            *last = Some(visit);
        }
    }
    let arrivals = Arrivals::of(server, &first);
    let both = first.into_iter().zip(last);
    let all = server.connections.iter().zip(both).enumerate();
    let mut held: Vec<Held> = all
        .filter_map(|(index, (connection, (first, last)))| {
            let (opened, to) = (connection.opened_us?, closed(connection, last)?);
            let start = |first: &Visit| first.start().min(to);
            let (from, by) = match first {
                Some(first) => (start(first), start(first)),
                None => arrivals.let_in(opened, to)?,
            };
            // A server closes what it has let in.
            let last = to - u64::from(connection.closed_by_server);
            Some(Held {
                holder: Holder::Connection(index),
                came: opened,
                from,
                to,
                earliest_end: to,
                let_in_by: by.min(last),
            })
        })
        .collect();
    held.sort_by_key(|one| (one.to, one.from));
    passed_on::note(&mut held, &server.late);
    held
}

/// When a connection closed. If the server closed it, its client saw this a moment later.
fn closed(connection: &Connection, last: Option<&Visit>) -> Option<u64> {
    let closed = connection.closed_us?;
    // The connection outlives its last reply, whatever the stamps are rounded to.
    let replied = last.map_or(0, |last| last.replied + 1);
    let before = closed.saturating_sub(SEEN_LATE_US);
    Some(match connection.closed_by_server && before > replied {
        true => before,
        false => closed.max(replied),
    })
}

/// For how long the client of a connection asked for nothing, between two moments.
pub(crate) fn silence(connection: &Connection, from: u64, to: u64) -> u64 {
    let mut silent = 0;
    let mut since = connection.opened_us;
    let closing = [connection.closed_us];
    let sent = connection.sent().map(|request| request.sent_us);
    // Until it has read its reply, it may keep the server.
    let reads = connection.read_delay_us.unwrap_or(0);
    let replied = connection.sent().map(|one| Some(one.replied_us? + reads));
    for (until, next) in sent.chain(closing).zip(replied.chain([None])) {
        if let (Some(since), Some(until)) = (since, until) {
            silent += until.min(to).saturating_sub(since.max(from));
        }
        since = next;
    }
    silent
}
