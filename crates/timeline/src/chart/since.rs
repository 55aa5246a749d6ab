//! Since when somebody was in the way of others: where an arrow begins.

use std::collections::HashMap;

use crate::{
    record::{Request, ServerRun},
    verdict::Blocker,
};

/// When each request's service began, and each client connected.
pub(crate) struct Since<'a> {
    requests: HashMap<&'a str, u64>,
    clients: HashMap<&'a str, u64>,
}

impl<'a> Since<'a> {
    pub(crate) fn of(server: &'a ServerRun) -> Self {
        let requests = server.requests().filter_map(|(_, request)| {
            let began = request.started_us().or(request.sent_us);
            Some((request.id.as_str(), began?))
        });
        let clients = server.connections.iter().filter_map(|connection| {
            Some((connection.client.as_str(), connection.opened_us?))
        });
        Self {
            requests: requests.collect(),
            clients: clients.collect(),
        }
    }

    /// A moment of this request's wait at which the other was in the way.
    pub(crate) fn moment(&self, blocker: &Blocker, request: &Request) -> Option<u64> {
        let since = match blocker {
            Blocker::Request(id) => self.requests.get(id.as_str()),
            Blocker::Idle(name) | Blocker::Connection(name) => {
                self.clients.get(name.as_str())
            }
        };
        let until = request.started_us().or(request.replied_us)?;
        Some((*since?).max(request.sent_us?).min(until))
    }
}
