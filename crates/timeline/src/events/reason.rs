//! Why a request waits: who is served when it is sent, and who else comes before it.

use std::collections::HashMap;

use crate::{
    record::{Connection, Places, Request, ServerRun},
    verdict::{Behind, Blocker, Judged, Verdict},
};

/// More than this are not named.
const NAMED: usize = 6;

/// Whom a server's requests and silent clients can wait for, by name.
pub(super) struct Reasons<'a> {
    /// With the client of each.
    requests: HashMap<&'a str, (&'a str, &'a Request)>,
    clients: HashMap<&'a str, &'a Connection>,
    places: Option<Places>,
    /// Whether its chart says that it has one thread.
    has_one_thread: bool,
}

/// Those in the way of a request, by name.
#[derive(Default)]
struct Ahead<'a> {
    served: Vec<&'a str>,
    holding: Vec<&'a str>,
    next: Vec<&'a str>,
    /// Those that ask only after it, and are served before it.
    later: Vec<&'a str>,
}

impl<'a> Reasons<'a> {
    pub(super) fn of(server: &'a ServerRun, verdict: &Verdict) -> Self {
        let requests = server.requests();
        let clients = server.connections.iter();
        Self {
            requests: requests
                .map(|(connection, request)| {
                    (request.id.as_str(), (connection.client.as_str(), request))
                })
                .collect(),
            clients: clients.map(|one| (one.client.as_str(), one)).collect(),
            places: server.places,
            has_one_thread: server.about.is_empty()
                && server.has_one_thread()
                && !verdict.contradicts(server, Places::Limited(1)),
        }
    }

    /// Who is in the way of a request that is sent at this moment, as in `A is being
    /// served, and C comes next`; nothing if nobody is.
    pub(super) fn behind(&self, judged: &Judged, sent: u64) -> String {
        let ahead = self.ahead(judged, sent);
        let mut clauses = Vec::new();
        match ahead.served.as_slice() {
            [] => {}
            [one] if self.has_one_thread => {
                clauses.push(format!("The only thread is serving {one}"));
            }
            some => clauses.push(clause(some, "is being served", "are being served")),
        }
        if !ahead.holding.is_empty() {
            clauses.push(clause(
                &ahead.holding,
                "holds its place",
                "hold their places",
            ));
        }
        if !ahead.next.is_empty() {
            let first = if clauses.is_empty() { "first" } else { "next" };
            let (comes, come) = (format!("comes {first}"), format!("come {first}"));
            clauses.push(clause(&ahead.next, &comes, &come));
        }
        if !ahead.later.is_empty() {
            let (asks, ask) = (
                "asks later and is served first",
                "ask later and are served first",
            );
            clauses.push(clause(&ahead.later, asks, ask));
        }
        clauses.join(", and ")
    }

    /// Those in the way by what they do at this moment. A client is named once, even if
    /// it is in the way with a request and with its silence.
    fn ahead<'b>(&self, judged: &'b Judged, sent: u64) -> Ahead<'b> {
        let mut ahead = Ahead::default();
        let asking = judged.behind.iter().filter_map(|one| self.client(one));
        let asking: Vec<(&str, &str)> = asking.collect();
        for behind in judged.behind.iter().take(NAMED) {
            let name = behind.name();
            match &behind.blocker {
                Blocker::Request(id) if self.is_served(id, sent) => {
                    ahead.served.push(name);
                }
                Blocker::Request(id) if self.is_sent(id, sent) => ahead.next.push(name),
                Blocker::Request(_) => ahead.later.push(name),
                Blocker::Idle(client) | Blocker::Connection(client) => {
                    let mut its = asking.iter().filter(|(of, _)| of == client);
                    match self.holds_place(client, sent) {
                        true if !its.any(|(_, id)| self.is_sent(id, sent)) => {
                            ahead.holding.push(name);
                        }
                        false if its.next().is_none() && self.came(client, sent) => {
                            ahead.next.push(name);
                        }
                        _ => {} // one of its requests is named, or it comes later
                    }
                }
            }
        }
        if judged.more || judged.behind.len() > NAMED {
            ahead.next.push("others");
        }
        ahead
    }

    /// The client of a request that is in the way, and the request.
    fn client<'b>(&self, behind: &'b Behind) -> Option<(&'a str, &'b str)> {
        match &behind.blocker {
            Blocker::Request(id) => Some((self.requests.get(id.as_str())?.0, id)),
            Blocker::Idle(_) | Blocker::Connection(_) => None,
        }
    }

    fn is_sent(&self, id: &str, by: u64) -> bool {
        let sent_us = self
            .requests
            .get(id)
            .and_then(|(_, request)| request.sent_us);
        sent_us.is_some_and(|sent_us| sent_us <= by)
    }

    fn is_served(&self, id: &str, at: u64) -> bool {
        let request = self.requests.get(id);
        request.is_some_and(|(_, request)| {
            request.started_us().is_some_and(|started| started <= at)
                && request.replied_us.is_none_or(|replied| replied > at)
        })
    }

    fn came(&self, client: &str, by: u64) -> bool {
        let connection = self.clients.get(client);
        connection.is_some_and(|one| one.opened_us.is_some_and(|came| came <= by))
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
