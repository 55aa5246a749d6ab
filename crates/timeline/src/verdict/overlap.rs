//! How many requests were in service at once.

use super::SLACK_US;
use crate::record::{Request, ServerRun};

/// The most services that overlap. A reply may be stamped late, and then its service seems to
/// last into the next one: each is taken to have ended [`SLACK_US`] earlier, so that a short
/// one counts as the moment of its start.
/// That n clients met proves n at once, however short it was.
pub(super) fn most_in_service(server: &ServerRun) -> usize {
    let mut changes = Vec::new();
    for connection in &server.connections {
        let mut free = 0; // one connection's requests are served one after another
        for request in &connection.requests {
            let (Some(started), Some(replied)) =
                (request.started_us(), request.replied_us)
            else {
                continue;
            };
            if replied <= free {
                continue; // both replies came in one read
            }
            let started = started.max(free);
            free = replied;
            // At the same moment a start counts before an end: a service of 0 µs was one.
            changes.push((started, 0, 1));
            changes.push((replied.saturating_sub(SLACK_US).max(started), 1, -1));
        }
    }
    changes.sort_unstable();
    let (mut now, mut most) = (0_i32, 0_i32);
    for (_, _, change) in changes {
        now += change;
        most = most.max(now);
    }
    let met = server
        .requests()
        .filter_map(|(_, request)| met(request))
        .max();
    usize::try_from(most).unwrap_or(0).max(met.unwrap_or(0))
}

/// How many clients met in a MEET that was answered `+MET`.
fn met(request: &Request) -> Option<usize> {
    let (name, clients) = request.request.split_once(' ')?;
    let has_met =
        name.eq_ignore_ascii_case("MEET") && request.reply.as_deref() == Some("+MET");
    clients.trim().parse().ok().filter(|_| has_met)
}
