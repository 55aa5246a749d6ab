//! Clients for which the server's backlog had no room. They connect one after another, so
//! that one which finds none keeps the next ones waiting until the system asks again.

use crate::record::{Connection, ServerRun};

/// After these many seconds the system asks again for a connection, on Linux.
const ASKS_AGAIN_S: [u64; 5] = [1, 3, 7, 15, 31];
/// Within this time after that the connection is there: 300 ms.
const WITHIN_US: u64 = 300_000;

/// When nobody could connect, because the one before found no room.
pub(crate) struct NoRoom {
    waits: Vec<(u64, u64)>,
}

impl NoRoom {
    /// A client came just when the one before it, not served in the meantime, had asked
    /// again, and was due before that.
    pub(crate) fn of(server: &ServerRun) -> Self {
        let connections = server.connections.iter();
        let mut came: Vec<(u64, &Connection)> = connections
            .filter_map(|connection| Some((connection.opened_us?, connection)))
            .collect();
        came.sort_by_key(|(opened, _)| *opened);
        let both = came.iter().zip(came.iter().skip(1));
        let waits = both.filter_map(|((from, one), (to, next))| {
            let first = one.requests.first().and_then(|first| first.replied_us);
            let is_served = first.is_some_and(|replied| replied < *to);
            let is_due = next.due_us < asked_again(*from, *to)?;
            (!is_served && is_due).then_some((*from, *to))
        });
        Self {
            waits: waits.collect(),
        }
    }

    /// Whether a client came late because one before it found no room.
    pub(crate) fn delayed(&self, connection: &Connection) -> bool {
        let due = connection.due_us;
        connection.opened_us.is_some_and(|opened| {
            let mut waits = self.waits.iter();
            waits.any(|(from, to)| (*from..*to).contains(&due) && *to <= opened)
        })
    }

    /// Whether a client found no room.
    pub(crate) fn met(&self, connection: &Connection) -> bool {
        let mut waits = self.waits.iter();
        waits.any(|(from, _)| connection.opened_us == Some(*from))
    }
}

/// When the system asked again for a connection, if it came of that.
fn asked_again(from: u64, to: u64) -> Option<u64> {
    let mut moments = ASKS_AGAIN_S.iter().map(|after| from + after * 1_000_000);
    moments.find(|moment| (*moment..*moment + WITHIN_US).contains(&to))
}
