//! A run as events in the order of time: who asks, who waits for whom, who is served. A page
//! steps through them, and `--plain` prints them.

use std::collections::HashSet;

use crate::{
    chart::seconds,
    record::{Connection, Places, Request, Run, ServerRun},
    verdict::{Judged, Verdict},
};

/// What is over within this time is told in the sentence with which it begins: 100 ms.
const AT_ONCE_US: u64 = 100_000;

/// A wait behind nobody that is shorter than this is the machine's own: 100 ms.
const WAIT_US: u64 = 100_000;

/// More events than this are in the run record alone.
const MOST: usize = 200;

/// Something that happened, and how things stood then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// In microseconds from the start.
    pub at_us: u64,
    /// The place of its server in the run.
    pub server: usize,
    /// When, where and what: `0.20 s, single-server: B connects and asks for RUN date. …`
    pub sentence: String,
    /// Whose requests are being served, in the order in which they were sent.
    pub serving: Vec<String>,
    /// Whose requests wait, in the order in which they were sent.
    pub waiting: Vec<String>,
}

/// The first events of a run, server by server, each in the order of time; and how many more
/// there are.
#[must_use]
pub fn events(run: &Run, verdicts: &[Verdict]) -> (Vec<Event>, usize) {
    let room = MOST / run.servers.len().max(1);
    let mut all = Vec::new();
    let mut left_out = 0;
    for (place, (server, verdict)) in run.servers.iter().zip(verdicts).enumerate() {
        let mut moments = Moments::of(server, verdict).told;
        moments.sort_by_key(|moment| moment.at_us);
        left_out += moments.len().saturating_sub(room);
        for moment in moments.into_iter().take(room) {
            let (serving, waiting) = standing(server, moment.after_us);
            let time = seconds(moment.at_us);
            let sentence = format!("{time} s, {}: {}", server.name, moment.what);
            all.push(Event {
                at_us: moment.at_us,
                server: place,
                sentence: proto::blanked(&sentence),
                serving,
                waiting,
            });
        }
    }
    (all, left_out)
}

/// Who is being served at a moment, and who waits.
fn standing(server: &ServerRun, now: u64) -> (Vec<String>, Vec<String>) {
    let (mut serving, mut waiting) = (Vec::new(), Vec::new());
    for (connection, request) in server.requests() {
        let end = request.replied_us.or(connection.closed_us);
        let Some(sent) = request.sent_us.filter(|sent| *sent <= now) else {
            continue;
        };
        if end.is_some_and(|end| end <= now) {
            continue;
        }
        match request.started_us() {
            Some(started) if started <= now => serving.push((sent, &request.id)),
            _ => waiting.push((sent, &request.id)),
        }
    }
    let in_order = |mut all: Vec<(u64, &String)>| {
        all.sort();
        all.into_iter().map(|(_, id)| proto::blanked(id)).collect()
    };
    (in_order(serving), in_order(waiting))
}

/// Something that happened on one server.
struct Moment {
    at_us: u64,
    /// When all of it has happened: how things stand then is how they stand after it.
    after_us: u64,
    what: String,
}

/// What happened on one server, each at its moment.
struct Moments<'a> {
    server: &'a ServerRun,
    /// The ids of its requests; whoever else is in the way holds a place in silence.
    ids: HashSet<&'a str>,
    told: Vec<Moment>,
}

impl<'a> Moments<'a> {
    fn of(server: &'a ServerRun, verdict: &Verdict) -> Self {
        let ids = server.requests().map(|(_, request)| request.id.as_str());
        let mut moments = Self {
            server,
            ids: ids.collect(),
            told: Vec::new(),
        };
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
            moments.leaving(connection);
        }
        moments
    }

    fn note(&mut self, at_us: u64, what: String) {
        self.lasting(at_us, at_us, what);
    }

    fn lasting(&mut self, at_us: u64, after_us: u64, what: String) {
        self.told.push(Moment {
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
        let connects = if index == 0 { "connects and " } else { "" };
        let (id, who, words) = (&request.id, &connection.client, &request.request);
        let which = match connection.requests.as_slice() {
            [_] => String::new(),
            _ => format!(" ({id})"),
        };
        let asks = format!("{who} {connects}asks for {words}{which}.");
        let behind = judged.map_or_else(String::new, |judged| self.behind(judged));
        let waited = request.waited_us().unwrap_or_default();
        let why = match behind.as_str() {
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
            self.lasting(sent, after, format!("{asks} It is served at once{ending}"));
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
                self.note(replied, format!("{id} gets an error: {why}."));
            }
            Some(replied) => self.note(replied, format!("{id} gets its reply.")),
            None => {
                let why = request.failure.as_deref().unwrap_or("the run ended");
                let end = connection.closed_us.or(request.sent_us);
                self.note(end.unwrap_or(0), format!("{id} gets no reply: {why}."));
            }
        }
    }

    /// A client that stayed on in silence leaves.
    fn leaving(&mut self, connection: &Connection) {
        let last = connection.requests.last();
        let since = last.map_or(connection.opened_us, |last| last.replied_us);
        if let (Some(since), Some(closed)) = (since, connection.closed_us)
            && closed > since + AT_ONCE_US
        {
            let silent = seconds(closed - since);
            let who = &connection.client;
            self.note(
                closed,
                format!("{who} leaves, after {silent} s of silence."),
            );
        }
    }

    /// Who is in the way of a request; nothing if nobody is.
    fn behind(&self, judged: &Judged) -> String {
        const NAMED: usize = 6;
        let names: Vec<&str> = judged.behind.iter().map(|one| one.name()).collect();
        let some = names.get(..names.len().min(NAMED)).unwrap_or_default();
        let list = match some {
            [] => return String::new(),
            _ if names.len() > NAMED => {
                format!("{} and {} more", some.join(", "), names.len() - NAMED)
            }
            [one] => (*one).to_owned(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        };
        let are = if names.len() == 1 { "is" } else { "are" };
        let serves_one = self.server.places == Some(Places::Limited(1));
        match names.iter().all(|name| self.ids.contains(name)) {
            true if serves_one && names.len() == 1 => {
                format!("The only thread is serving {list}")
            }
            true => format!("{list} {are} being served"),
            false if names.len() == 1 => format!("{list} holds its place"),
            false => format!("{list} hold their places"),
        }
    }
}

/// How a short service ends.
fn outcome(request: &Request) -> String {
    match request.has_failed() {
        true => {
            let why = request.reply.as_deref().unwrap_or_default();
            format!(", and gets an error: {why}.")
        }
        false => ", and has its reply.".to_owned(),
    }
}
