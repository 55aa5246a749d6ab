//! Clients for which the server's backlog had no room. They connect one after another, so
//! that one which finds none keeps the next ones waiting until the system asks again.

use std::collections::HashSet;

use crate::record::{Connection, ServerRun, Stopped};

/// After these many seconds the system asks again for a connection. Linux does so after
/// 1, 3 and 7 s, and since version 6.5 after each of these. The client gives up after 10.
const ASKS_AGAIN_S: [u64; 6] = [1, 2, 3, 4, 5, 7];
/// Within this time after that the connection is there: 300 ms.
const WITHIN_US: u64 = 300_000;
/// A client that was due less than this before that moment may have come late by itself.
const EARLIER_US: u64 = 300_000;

/// When nobody could connect, because the one before found no room.
pub(crate) struct NoRoom {
    /// In order.
    waits: Vec<(u64, u64)>,
    met: HashSet<usize>,
}

impl NoRoom {
    /// A client came just when the system had asked again for the one before it, which
    /// was not served in the meantime and had not left; and it was due before that.
    pub(crate) fn of(server: &ServerRun) -> Self {
        let connections = server.connections.iter().enumerate();
        let mut came: Vec<(u64, usize, &Connection)> = connections
            .filter_map(|(index, one)| Some((one.opened_us?, index, one)))
            .collect();
        came.sort_by_key(|(opened, _, _)| *opened);
        let (mut waits, mut met) = (Vec::new(), HashSet::new());
        for ((from, index, one), (to, _, next)) in came.iter().zip(came.iter().skip(1)) {
            let first = one.requests.first();
            let served = first.and_then(|first| first.started_us().or(first.replied_us));
            let is_gone = [served, one.closed_us].iter().flatten().any(|end| end < to);
            let asked = asked_again(*from, *to);
            let is_due = asked.is_some_and(|asked| next.due_us + EARLIER_US < asked);
            if is_due && !is_gone && suspended_us(server, *from, *to) == 0 {
                waits.push((*from, *to));
                met.insert(*index);
            }
        }
        Self { waits, met }
    }

    /// Whether a client came late because one before it found no room.
    pub(crate) fn delayed(&self, connection: &Connection) -> bool {
        let due = connection.due_us;
        let begun = self.waits.partition_point(|(from, _)| *from <= due);
        let last = begun.checked_sub(1).and_then(|last| self.waits.get(last));
        let both = last.zip(connection.opened_us);
        both.is_some_and(|((_, to), opened)| due < *to && *to <= opened)
    }

    /// The connections of the clients that found no room.
    pub(crate) fn met(&self) -> &HashSet<usize> {
        &self.met
    }
}

/// How much later a client came than the program that plays the clients could send it:
/// while that is stopped, nobody comes.
pub(crate) fn late_us(server: &ServerRun, connection: &Connection) -> Option<u64> {
    let (due, opened) = (connection.due_us, connection.opened_us?);
    let late = opened.saturating_sub(due);
    Some(late.saturating_sub(suspended_us(server, due, opened)))
}

/// For how long that program was stopped between two moments.
fn suspended_us(server: &ServerRun, from: u64, to: u64) -> u64 {
    let during = |one: &Stopped| one.to_us.min(to).saturating_sub(one.from_us.max(from));
    server.suspended.iter().map(during).sum()
}

/// When the system asked again for a connection, if it came of that.
pub(crate) fn asked_again(from: u64, to: u64) -> Option<u64> {
    let mut moments = ASKS_AGAIN_S.iter().map(|after| from + after * 1_000_000);
    moments.find(|moment| (*moment..*moment + WITHIN_US).contains(&to))
}
