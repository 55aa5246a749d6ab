//! Why a request waits: who is served when it is sent, and who else comes before it.

use std::collections::HashMap;

use crate::{
    record::{Connection, Places, Request, ServerRun},
    verdict::{Blocker, Judged},
};

/// More than this are not named.
const NAMED: usize = 6;

/// Whom a server's requests and silent clients can wait for, by name.
pub(super) struct Reasons<'a> {
    requests: HashMap<&'a str, &'a Request>,
    clients: HashMap<&'a str, &'a Connection>,
    places: Option<Places>,
    /// Whether its chart says that it has one thread.
    has_one_thread: bool,
}

impl<'a> Reasons<'a> {
    pub(super) fn of(server: &'a ServerRun) -> Self {
        let requests = server.requests();
        let clients = server.connections.iter();
        Self {
            requests: requests
                .map(|(_, request)| (request.id.as_str(), request))
                .collect(),
            clients: clients.map(|one| (one.client.as_str(), one)).collect(),
            places: server.places,
            has_one_thread: server.places == Some(Places::Limited(1))
                && server.about.is_empty(),
        }
    }

    /// Who is in the way of a request that is sent at this moment, as in `A is being
    /// served, and C comes next`; nothing if nobody is.
    pub(super) fn behind(&self, judged: &Judged, sent: u64) -> String {
        let mut served: Vec<&str> = Vec::new();
        let (mut holding, mut next) = (Vec::new(), Vec::new());
        for behind in judged.behind.iter().take(NAMED) {
            let name = behind.name();
            match &behind.blocker {
                Blocker::Request(id) if self.is_served(id, sent) => served.push(name),
                Blocker::Idle(client) | Blocker::Connection(client)
                    if self.holds_place(client, sent) =>
                {
                    holding.push(name);
                }
                _ => next.push(name),
            }
        }
        if judged.more || judged.behind.len() > NAMED {
            next.push("others");
        }
        let mut clauses = Vec::new();
        match served.as_slice() {
            [] => {}
            [one] if self.has_one_thread => {
                clauses.push(format!("The only thread is serving {one}"));
            }
            some => clauses.push(clause(some, "is being served", "are being served")),
        }
        if !holding.is_empty() {
            clauses.push(clause(&holding, "holds its place", "hold their places"));
        }
        if !next.is_empty() {
            let first = if clauses.is_empty() { "first" } else { "next" };
            let (comes, come) = (format!("comes {first}"), format!("come {first}"));
            clauses.push(clause(&next, &comes, &come));
        }
        clauses.join(", and ")
    }

    fn is_served(&self, id: &str, at: u64) -> bool {
        let request = self.requests.get(id);
        request.is_some_and(|request| {
            request.started_us().is_some_and(|started| started <= at)
                && request.replied_us.is_none_or(|replied| replied > at)
        })
    }

    /// Whether a client was let in by then: it may also have waited itself.
    fn holds_place(&self, client: &str, at: u64) -> bool {
        let Some(connection) = self.clients.get(client) else {
            return false;
        };
        let first = connection.requests.first();
        match first.map_or(connection.accepted_us, Request::started_us) {
            Some(let_in) => let_in <= at,
            None => {
                connection.opened_us.is_some_and(|opened| opened <= at)
                    && self.found_room(connection, at)
            }
        }
    }

    /// Whether fewer clients than there are places came before this one, and are still
    /// there.
    fn found_room(&self, connection: &Connection, at: u64) -> bool {
        let Some(Places::Limited(places)) = self.places else {
            return true;
        };
        let is_ahead = |one: &&&Connection| {
            one.opened_us < connection.opened_us
                && one.opened_us.is_some()
                && one.closed_us.is_none_or(|closed| closed > at)
        };
        self.clients.values().filter(is_ahead).count() < places
    }
}

fn clause(names: &[&str], one: &str, several: &str) -> String {
    match names {
        [] => String::new(),
        [name] if *name != "others" => format!("{name} {one}"),
        [name] => format!("{name} {several}"),
        [most @ .., last] => format!("{} and {last} {several}", most.join(", ")),
    }
}
