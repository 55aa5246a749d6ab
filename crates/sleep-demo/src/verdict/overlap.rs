//! How many requests were in service at once.

use super::SLACK_US;
use crate::record::ServerRun;

/// The most services that overlap. What two services share by a hair's breadth may be a
/// reply's way to the client: each is taken a quarter, at most 10 ms, shorter at both ends.
pub(super) fn most_in_service(server: &ServerRun) -> usize {
    let mut changes = Vec::new();
    for (_, request) in server.requests() {
        let (Some(started), Some(replied)) = (request.started_us(), request.replied_us)
        else {
            continue;
        };
        let slack = (replied.saturating_sub(started) / 4).min(SLACK_US);
        changes.push((started + slack, 1));
        changes.push((replied.saturating_sub(slack).max(started + slack + 1), -1));
    }
    changes.sort_unstable();
    let (mut now, mut most) = (0_i32, 0_i32);
    for (_, change) in changes {
        now += change;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or(0)
}
