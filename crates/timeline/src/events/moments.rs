//! What happened on one server, each moment with its sentence.

use std::collections::HashSet;

use super::reason::Reasons;
use crate::{
    chart::{full_stop, seconds},
    columns::in_a_sentence,
    record::{Connection, Request, ServerRun},
    verdict::{Behind, Blocker, Judged, Verdict},
};

/// A silence that is shorter than this is not worth a sentence: 100 ms.
const SILENCE_US: u64 = 100_000;

/// A wait behind nobody that is shorter than this is the machine's own: 100 ms.
const WAIT_US: u64 = 100_000;

/// A wait that is shorter than this is none, and a service is over at once: 10 ms.
const AT_ONCE_US: u64 = 10_000;

/// Something that happened on one server.
pub(super) struct Moment {
    pub(super) at_us: u64,
    /// When all of it has happened: how things stand then is how they stand after it.
    pub(super) after_us: u64,
    pub(super) what: String,
}

/// What happened on one server, each at its moment.
pub(super) struct Moments<'a> {
    reasons: Reasons<'a>,
    pub(super) all: Vec<Moment>,
}

impl<'a> Moments<'a> {
    pub(super) fn of(server: &'a ServerRun, verdict: &Verdict) -> Self {
        let mut moments = Self {
            reasons: Reasons::of(server, verdict),
            all: Vec::new(),
        };
        let held_up_others = clients_awaited(verdict);
        let mut judged = verdict.requests.iter();
        for connection in &server.connections {
            if connection.requests.is_empty()
                && let Some(opened) = connection.opened_us
            {
                let who = &connection.client;
                moments.note(opened, format!("{who} connects and asks for nothing."));
            }
            for (index, request) in connection.requests.iter().enumerate() {
                let judged = judged.next();
                moments.of_request(connection, index, request, judged);
            }
            let held_up = held_up_others.contains(connection.client.as_str());
            moments.leaving(connection, held_up);
        }
        moments
    }

    fn note(&mut self, at_us: u64, what: String) {
        self.lasting(at_us, at_us, what);
    }

    fn lasting(&mut self, at_us: u64, after_us: u64, what: String) {
        self.all.push(Moment {
            at_us,
            after_us,
            what,
        });
    }

    fn of_request(
        &mut self,
        connection: &Connection,
        index: usize,
        request: &Request,
        judged: Option<&Judged>,
    ) {
        let Some(sent) = request.sent_us else { return };
        let id = &request.id;
        let asks = asks(connection, index, request);
        let behind = judged.map(|judged| self.reasons.behind(judged, sent));
        let behind = behind.as_deref().unwrap_or_default();
        let waited = request.waited_us().unwrap_or_default();
        let why = match behind {
            "" if waited >= WAIT_US => format!(" {id} waits."),
            "" => String::new(),
            behind => format!(" {behind}, so {id} waits."),
        };
        let times = request.started_us().zip(request.replied_us);
        let Some((started, replied)) = times else {
            self.note(sent, format!("{asks}{why}"));
            return self.ended(connection, request);
        };
        let is_short = request.service_us.is_some_and(|one| one < AT_ONCE_US);
        let (after, ending) = match is_short {
            true => (replied, outcome(request)),
            false => (started, ".".to_owned()),
        };
        if why.is_empty() {
            let when = match waited {
                ..AT_ONCE_US => "immediately".to_owned(),
                _ => format!("after {} s", seconds(waited)),
            };
            self.lasting(sent, after, format!("{asks} It is served {when}{ending}"));
        } else {
            self.note(sent, format!("{asks}{why}"));
            let waited = seconds(waited);
            let is_served = format!("{id} is served now, after {waited} s{ending}");
            self.lasting(started, after, is_served);
        }
        if !is_short {
            self.ended(connection, request);
        }
    }

    fn ended(&mut self, connection: &Connection, request: &Request) {
        let id = &request.id;
        match request.replied_us {
            Some(replied) if request.has_failed() => {
                let why = request.reply.as_deref().unwrap_or_default();
                let what = format!("{id} gets an error: {why}{}", full_stop(why));
                self.note(replied, what);
            }
            Some(replied) => self.note(replied, format!("{id} gets its reply.")),
            None => {
                let why = request.failure.as_deref().unwrap_or("the run ended");
                let end = connection.closed_us.or(request.sent_us);
                let what = format!("{id} gets no reply: {why}{}", full_stop(why));
                self.note(end.unwrap_or(0), what);
            }
        }
    }

    /// A client leaves that stayed on in silence, or for whose end others waited.
    fn leaving(&mut self, connection: &Connection, held_up: bool) {
        let last = connection.sent().last();
        let since = last.map_or(connection.opened_us, |last| last.replied_us);
        let Some((since, closed)) = since.zip(connection.closed_us) else {
            return;
        };
        let who = &connection.client;
        if closed > since + SILENCE_US {
            let silent = seconds(closed - since);
            let ends = match connection.closed_by_server {
                true => format!("The server closes {who}'s connection"),
                false => format!("{who} leaves"),
            };
            self.note(closed, format!("{ends}, after {silent} s of silence."));
        } else if held_up {
            self.note(closed, format!("{who} leaves."));
        }
    }
}

/// The clients for whose end somebody waited.
fn clients_awaited(verdict: &Verdict) -> HashSet<&str> {
    let behind = verdict.requests.iter().flat_map(|judged| &judged.behind);
    let clients = behind.filter(|one| !matches!(one.blocker, Blocker::Request(_)));
    clients.map(Behind::name).collect()
}

/// That a client asks, and for what.
fn asks(connection: &Connection, index: usize, request: &Request) -> String {
    let (who, words) = (&connection.client, in_a_sentence(&request.request));
    let connects = if index == 0 { "connects and " } else { "" };
    let which = match connection.requests.as_slice() {
        [_] => String::new(),
        _ => format!(" ({})", request.id),
    };
    format!("{who} {connects}asks for {words}{which}.")
}

/// How a short service ends.
fn outcome(request: &Request) -> String {
    match request.has_failed() {
        true => {
            let why = request.reply.as_deref().unwrap_or_default();
            format!(", and gets an error: {why}{}", full_stop(why))
        }
        false => ", and has its reply.".to_owned(),
    }
}
