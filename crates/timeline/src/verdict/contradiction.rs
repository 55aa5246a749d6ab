//! Whether a run contradicts what the scenario says of a server's places.

use std::collections::HashMap;

use super::{Blocker, Judged, Verdict};
use crate::record::{Connection, Design, Places, Request, ServerRun};

impl Verdict {
    /// Whether the run has shown that the server does not serve as the scenario says:
    /// more at once than it has places, one behind another where each has a thread, or
    /// behind what does not compute where one thread waits for all.
    pub(crate) fn contradicts(&self, server: &ServerRun, places: Places) -> bool {
        let most = self.surely_at_once;
        let overtook = || self.requests.iter().any(|judged| judged.overtook.is_some());
        match places {
            Places::Limited(1) => most > 1 || overtook(),
            Places::Limited(places) => most > places,
            Places::All(Design::Threads) => self.is_one_behind(server, |_| true),
            Places::All(Design::EventLoop) => {
                server.threads() > 1
                    || self
                        .is_one_behind(server, |one| !one.is_some_and(Request::computes))
            }
        }
    }

    /// Whether nobody was served before somebody who had come earlier.
    pub(crate) fn keeps_order(&self, server: &ServerRun) -> bool {
        let requests = by_id(server);
        let is_later = |judged: &Judged, sent_us| {
            judged.behind.iter().any(|one| match &one.blocker {
                Blocker::Request(id) => requests
                    .get(id.as_str())
                    .is_some_and(|(_, other)| other.sent_us > sent_us),
                Blocker::Idle(_) | Blocker::Connection(_) => false,
            })
        };
        let mut judged = server.requests().zip(&self.requests);
        judged
            .all(|((_, one), judged)| !judged.overtaken && !is_later(judged, one.sent_us))
    }

    /// Whether a request waited behind another client, with a request of this kind or
    /// without one.
    fn is_one_behind(
        &self,
        server: &ServerRun,
        kind: impl Fn(Option<&Request>) -> bool,
    ) -> bool {
        let requests = by_id(server);
        let mut judged = server.requests().zip(&self.requests);
        judged.any(|((connection, _), judged)| {
            judged.behind.iter().any(|one| match &one.blocker {
                Blocker::Request(id) => {
                    let other = requests.get(id.as_str());
                    let is_own =
                        |(of, _): &(&Connection, _)| of.client == connection.client;
                    !other.is_some_and(is_own) && kind(other.map(|(_, one)| *one))
                }
                Blocker::Idle(_) | Blocker::Connection(_) => kind(None),
            })
        })
    }
}

/// Each request with its connection.
fn by_id(server: &ServerRun) -> HashMap<&str, (&Connection, &Request)> {
    let requests = server.requests();
    requests.map(|both| (both.1.id.as_str(), both)).collect()
}
