//! Who was blocked by whom. X was blocked by Y if Y was in service when X was sent, and X's
//! service began after Y's reply. A connection that only holds its place (silent, or thinking)
//! blocks in the same way, until it closes.

use super::{Judged, SLACK_US};
use crate::record::{Connection, Request, ServerRun};

/// A shorter wait is the machine's own (a wake-up, loopback), not somebody's: 5 ms.
const FLOOR_US: u64 = 5_000;

/// Who stood in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// A request that was being served: its id.
    Request(String),
    /// A client that was connected and asked for nothing: its name.
    Idle(String),
}

impl Blocker {
    /// The id or the name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Request(name) | Self::Idle(name) => name,
        }
    }
}

/// A request that was sent, and what is known of it so far.
struct Sent<'a> {
    connection: usize,
    place: usize,
    request: &'a Request,
    sent: u64,
    started: Option<u64>,
    /// When the last of those who blocked it was done; 0 when nobody did.
    freed: u64,
    judged: Judged,
}

/// Judges every request, in the record's order; also how many were sent while somebody else
/// held a place.
pub(super) fn judge(server: &ServerRun) -> (Vec<Judged>, usize) {
    let mut requests = sent_requests(server);
    requests.sort_by_key(|request| (request.sent, request.place));
    let mut exposed = 0;
    for index in 0..requests.len() {
        let (earlier, rest) = requests.split_at_mut(index);
        let Some(x) = rest.first_mut() else { break };
        let held = holders(server, x, earlier);
        exposed += usize::from(!held.is_empty());
        let waited = x
            .started
            .map_or(0, |started| started.saturating_sub(x.sent));
        for (blocker, until) in held {
            if waited >= FLOOR_US && x.began_after(until) {
                x.freed = x.freed.max(until);
                x.judged.behind.push(blocker);
            } else if x.was_done_before(until) {
                x.judged.passed.push(blocker);
            }
        }
    }
    let mut judged: Vec<Judged> = server
        .requests()
        .map(|(_, request)| Judged {
            id: request.id.clone(),
            failed: request.has_failed(),
            ..Judged::default()
        })
        .collect();
    for request in requests {
        if let Some(slot) = judged.get_mut(request.place) {
            *slot = request.judged;
        }
    }
    (judged, exposed)
}

fn sent_requests(server: &ServerRun) -> Vec<Sent<'_>> {
    let mut place = 0;
    let mut all = Vec::new();
    for (connection, run) in server.connections.iter().enumerate() {
        for request in &run.requests {
            if let Some(sent) = request.sent_us {
                all.push(Sent {
                    connection,
                    place,
                    request,
                    sent,
                    started: service_start(server, request),
                    freed: 0,
                    judged: Judged {
                        id: request.id.clone(),
                        failed: request.has_failed(),
                        ..Judged::default()
                    },
                });
            }
            place += 1;
        }
    }
    all
}

/// Without TIMED only the order of replies is known, less what the model takes service for.
fn service_start(server: &ServerRun, request: &Request) -> Option<u64> {
    if server.timed && request.service_us.is_some() {
        return request.started_us();
    }
    let service = request.model.map_or(0, |model| model.service_us);
    Some(request.replied_us?.saturating_sub(service))
}

/// Who held a place when `x` was sent, and until when.
fn holders(server: &ServerRun, x: &Sent, earlier: &[Sent]) -> Vec<(Blocker, u64)> {
    let mut held = Vec::new();
    let mut busy = vec![false; server.connections.len()];
    for y in earlier.iter().rev().filter(|y| y.is_outstanding_at(x.sent)) {
        if let Some(busy) = busy.get_mut(y.connection) {
            *busy = true;
        }
        if let Some(replied) = y.request.replied_us
            && y.freed <= x.sent
        {
            held.push((Blocker::Request(y.request.id.clone()), replied));
        }
    }
    held.reverse();
    for (index, (connection, busy)) in server.connections.iter().zip(busy).enumerate() {
        if index != x.connection
            && !busy
            && let Some(closed) = connection.closed_us
            && is_open_at(connection, closed, x)
        {
            held.push((Blocker::Idle(connection.client.clone()), closed));
        }
    }
    held
}

fn is_open_at(connection: &Connection, closed: u64, x: &Sent) -> bool {
    connection.opened_us.is_some_and(|opened| opened <= x.sent) && closed > x.sent
}

impl Sent<'_> {
    fn is_outstanding_at(&self, moment: u64) -> bool {
        self.request
            .replied_us
            .is_none_or(|replied| replied > moment)
    }

    /// Whether it was answered while the other had a quarter of the time since to go, or more.
    fn was_done_before(&self, until: u64) -> bool {
        let left = (until.saturating_sub(self.sent) / 4).max(FLOOR_US);
        self.request
            .replied_us
            .is_some_and(|replied| replied + left < until)
    }

    /// Whether its service began once the other was done. A tenth of the wait, at most
    /// [`SLACK_US`], is left to the two replies' ways to the client.
    fn began_after(&self, until: u64) -> bool {
        let slack = (until.saturating_sub(self.sent) / 10).min(SLACK_US);
        self.started.is_some_and(|started| started + slack >= until)
    }
}
