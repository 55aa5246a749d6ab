//! Whether a run contradicts what the scenario says of a server's places.

use super::{Blocker, Verdict};
use crate::record::{Design, Places, ServerRun};

impl Verdict {
    /// Whether the run has shown that the server does not serve as it is said to: more at
    /// once than it has places, or one behind another where each has a thread.
    pub(crate) fn contradicts(&self, server: &ServerRun, places: Places) -> bool {
        let most = self.in_service.map_or(0, |most| most.least);
        match places {
            Places::Limited(places) => most > places,
            Places::All(Design::Threads) => self.has_blocked_another_client(server),
            Places::All(Design::EventLoop) => server.threads() > 1,
        }
    }

    fn has_blocked_another_client(&self, server: &ServerRun) -> bool {
        let mut judged = server.requests().zip(&self.requests);
        judged.any(|((connection, _), judged)| {
            let is_own =
                |id: &String| connection.requests.iter().any(|one| one.id == *id);
            let mut behind = judged.behind.iter();
            behind.any(|one| match &one.blocker {
                Blocker::Request(id) => !is_own(id),
                Blocker::Idle(_) | Blocker::Connection(_) => true,
            })
        })
    }
}
