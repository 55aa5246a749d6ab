//! Chrome trace events, as Perfetto and `chrome://tracing` read them.
//!
//! One process for each server, one thread for each connection. Waiting, being served and
//! being silent are adjacent slices. On one thread no two slices overlap: a pipelined
//! request's wait begins where the request before it ends, and its whole wait stands in
//! its arguments. An arrow leads from the one that was in the way to the request
//! that waited.
//! What was seen of a server's threads and backlog stands below (`observed.rs`).

mod observed;

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    chart::{Since, silences},
    record::{Connection, Record, Request, ServerRun},
    verdict::Verdict,
};

/// What a trace file holds.
#[derive(Debug, Serialize)]
pub struct Trace {
    #[serde(rename = "traceEvents")]
    events: Vec<Event>,
    #[serde(rename = "displayTimeUnit")]
    unit: &'static str,
}

/// One event. Times are in microseconds.
#[derive(Debug, Serialize)]
struct Event {
    /// `M` names a track, `X` is a slice, `C` a number over time, `s` and `f` are the two
    /// ends of an arrow.
    ph: &'static str,
    pid: usize,
    tid: usize,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<u64>,
    /// The same for both ends of an arrow, which only then need a category.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    /// Binds the head of an arrow to the slice that it points into.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    args: serde_json::Value,
}

impl Event {
    fn new(
        ph: &'static str,
        (pid, tid): (usize, usize),
        name: impl Into<String>,
    ) -> Self {
        Self {
            ph,
            pid,
            tid,
            name: name.into(),
            ts: None,
            dur: None,
            id: None,
            cat: None,
            bp: None,
            args: serde_json::json!({}),
        }
    }
}

/// The last run of a record.
#[must_use]
pub fn trace(record: &Record) -> Trace {
    let mut events = Vec::new();
    let servers = record
        .runs
        .last()
        .map_or(&[][..], |run| run.servers.as_slice());
    for (index, server) in servers.iter().enumerate() {
        let verdict = Verdict::of(server);
        let believed = verdict.believed(server);
        events.extend(of_server(index + 1, &believed));
        events.extend(arrows(index + 1, &believed, &verdict));
        events.extend(observed::events(index + 1, &believed));
    }
    Trace { events, unit: "ms" }
}

fn of_server(pid: usize, server: &ServerRun) -> Vec<Event> {
    let name = |what: &str, tid, name: &str| Event {
        args: serde_json::json!({ "name": name }),
        ..Event::new("M", (pid, tid), what)
    };
    let mut events = vec![name("process_name", 0, &server.name)];
    for (index, connection) in server.connections.iter().enumerate() {
        let tid = index + 1;
        events.push(name("thread_name", tid, &connection.client));
        events.extend(of_connection((pid, tid), connection));
    }
    events
}

fn of_connection(place: (usize, usize), connection: &Connection) -> Vec<Event> {
    let mut track = Track {
        place,
        events: Vec::new(),
    };
    if connection.requests.is_empty() {
        track.silent(connection, None);
    }
    let mut free = 0;
    for (index, request) in connection.requests.iter().enumerate() {
        let end = request.replied_us.or(connection.closed_us);
        let (Some(sent), Some(end)) = (request.sent_us, end) else {
            continue;
        };
        let begin = sent.max(free);
        match request.started_us() {
            Some(started) => {
                let started = started.clamp(begin, end.max(begin));
                track.request(request, "waiting", begin, started);
                track.request(request, "served", started, end);
            }
            None => track.request(request, "asked", begin, end),
        }
        free = end.max(free);
        track.silent(connection, Some(index));
    }
    track.events
}

/// The slices of one connection.
struct Track {
    place: (usize, usize),
    events: Vec<Event>,
}

impl Track {
    fn request(&mut self, request: &Request, what: &str, from: u64, to: u64) {
        let args = serde_json::json!({
            "request": request.request,
            "reply": request.reply,
            "failure": request.failure,
            "waited_us": request.waited_us(),
            "service_us": request.service_us,
            "thread": request.thread,
        });
        self.slice(format!("{} {what}", request.id), from, to, args);
    }

    /// Where the connection is open and asks for nothing: before it leaves, or between
    /// two requests.
    fn silent(&mut self, connection: &Connection, after: Option<usize>) {
        for span in silences(connection, None, after) {
            let name = format!("{} silent", connection.client);
            self.slice(name, span.from, span.to, serde_json::json!({}));
        }
    }

    fn slice(&mut self, name: String, from: u64, to: u64, args: serde_json::Value) {
        if to > from {
            self.events.push(Event {
                ts: Some(from),
                dur: Some(to - from),
                args,
                ..Event::new("X", self.place, name)
            });
        }
    }
}

/// An arrow for each request that waited behind somebody, from a moment at which that one
/// was in the way.
fn arrows(pid: usize, server: &ServerRun, verdict: &Verdict) -> Vec<Event> {
    let tracks = || (1..).zip(&server.connections);
    let since = Since::of(server);
    let places: HashMap<&str, usize> = tracks()
        .flat_map(|(tid, connection)| {
            let ids = connection
                .requests
                .iter()
                .map(|request| request.id.as_str());
            ids.chain([connection.client.as_str()])
                .map(move |name| (name, tid))
        })
        .collect();
    let mut events = Vec::new();
    let requests = tracks().flat_map(|(tid, connection)| {
        connection
            .requests
            .iter()
            .map(move |request| (tid, request))
    });
    for ((tid, request), judged) in requests.zip(&verdict.requests) {
        for behind in &judged.behind {
            let ts = since.moment(&behind.blocker, request);
            let (Some(from), Some(_)) = (places.get(behind.name()).copied(), ts) else {
                continue;
            };
            let id = Some(format!("{pid}: {} behind {}", request.id, behind.name()));
            let end = |ph, tid, bp| Event {
                ts,
                id: id.clone(),
                cat: Some("behind"),
                bp,
                ..Event::new(ph, (pid, tid), "behind")
            };
            events.extend([end("s", from, None), end("f", tid, Some("e"))]);
        }
    }
    events
}
