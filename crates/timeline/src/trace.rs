//! Chrome trace events, as Perfetto and `chrome://tracing` read them.
//!
//! One process a server, one thread a connection; waiting and being served are two adjacent
//! slices. On one thread no two slices overlap: a pipelined request's wait begins where the
//! request before it ends, and its whole wait stands in its arguments.

use serde::Serialize;

use crate::{
    record::{Connection, Record, ServerRun},
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
    /// `M` names a track, `X` is a slice.
    ph: &'static str,
    pid: usize,
    tid: usize,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<u64>,
    args: serde_json::Value,
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
        let believed = Verdict::of(server).believed(server);
        events.extend(of_server(index + 1, &believed));
    }
    Trace { events, unit: "ms" }
}

fn of_server(pid: usize, server: &ServerRun) -> Vec<Event> {
    let name = |what: &str, tid, name: &str| Event {
        ph: "M",
        pid,
        tid,
        name: what.to_owned(),
        ts: None,
        dur: None,
        args: serde_json::json!({ "name": name }),
    };
    let mut events = vec![name("process_name", 0, &server.name)];
    for (index, connection) in server.connections.iter().enumerate() {
        let tid = index + 1;
        events.push(name("thread_name", tid, &connection.client));
        events.extend(of_connection(pid, tid, connection));
    }
    events
}

fn of_connection(pid: usize, tid: usize, connection: &Connection) -> Vec<Event> {
    let mut events = Vec::new();
    let mut free = 0;
    for request in &connection.requests {
        let (Some(sent), Some(replied)) = (request.sent_us, request.replied_us) else {
            continue;
        };
        let mut slice = |what: &str, from: u64, to: u64| {
            if to > from {
                events.push(Event {
                    ph: "X",
                    pid,
                    tid,
                    name: format!("{} {what}", request.id),
                    ts: Some(from),
                    dur: Some(to - from),
                    args: serde_json::json!({
                        "request": request.request,
                        "reply": request.reply,
                        "waited_us": request.waited_us(),
                        "service_us": request.service_us,
                        "thread": request.thread,
                    }),
                });
            }
        };
        let begin = sent.max(free);
        match request.started_us() {
            Some(started) => {
                let started = started.clamp(begin, replied.max(begin));
                slice("waiting", begin, started);
                slice("served", started, replied);
            }
            None => slice("asked", begin, replied),
        }
        free = replied.max(free);
    }
    events
}
