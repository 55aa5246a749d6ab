//! A record as rows of spans: what is drawn, whatever draws it.
//!
//! One row a request; a client's many requests share a row; many clients of a group fold into
//! a histogram of how many wait and how many are served.

use crate::{
    record::{Connection, Request, Run, ServerRun},
    verdict::Verdict,
};

/// A client with more requests than this has one row for all of them.
const REQUESTS_APART: usize = 4;

/// A picture of more rows than this folds its groups.
const ROWS_APART: usize = 20;

/// A shorter silence is the time that a reply and a close take, and is not drawn: 20 ms.
const SILENCE_US: u64 = 20_000;

/// What a stretch of time was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Connected, and nothing asked.
    Silent,
    /// Asked; what became of it is not known, or not yet.
    Asked,
    /// Waiting for its service.
    Waiting,
    /// Being served.
    Served,
    /// An error, or no reply: at its end.
    Failed,
}

/// A stretch of time, in microseconds from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) kind: Kind,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// What stands on a row's part of the axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Drawn {
    Spans(Vec<Span>),
    /// Spans of one kind of many clients: how many at each moment.
    Histogram {
        kind: Kind,
        spans: Vec<Span>,
        clients: usize,
    },
}

/// One row of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) drawn: Drawn,
    pub(crate) waited: Option<u64>,
    pub(crate) served: Option<u64>,
    /// The latency, where no more is known.
    pub(crate) took: Option<u64>,
    pub(crate) behind: Vec<String>,
}

/// How much of a run a picture folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Folding {
    groups: bool,
}

impl Folding {
    /// All servers of a run are folded alike, so that their blocks compare.
    pub(crate) fn of(run: &Run) -> Self {
        let apart = |server: &ServerRun| -> usize {
            server.connections.iter().map(rows_apart).sum()
        };
        let rows: usize = run.servers.iter().map(apart).sum();
        Self {
            groups: rows > ROWS_APART,
        }
    }
}

fn rows_apart(connection: &Connection) -> usize {
    match connection.requests.len() {
        1..=REQUESTS_APART => connection.requests.len(),
        _ => 1,
    }
}

/// The rows of one server; `now` is the moment of a run that still goes on.
pub(crate) fn rows(
    server: &ServerRun,
    verdict: Option<&Verdict>,
    now: Option<u64>,
    folding: Folding,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut connections = server.connections.as_slice();
    while let Some((first, rest)) = connections.split_first() {
        let of_group = |one: &&Connection| one.group == first.group;
        match &first.group {
            Some(group) if folding.groups => {
                let count = connections.iter().take_while(of_group).count();
                let (members, others) = connections.split_at(count);
                rows.extend(histograms(group, members, now));
                connections = others;
            }
            _ => {
                rows.extend(connection_rows(first, verdict, now));
                connections = rest;
            }
        }
    }
    rows
}

fn connection_rows(
    connection: &Connection,
    verdict: Option<&Verdict>,
    now: Option<u64>,
) -> Vec<Row> {
    let behind = |id: &str| -> Vec<String> {
        let judged = verdict
            .and_then(|verdict| verdict.requests.iter().find(|judged| judged.id == id));
        let names = judged.into_iter().flat_map(|judged| &judged.behind);
        names.map(|blocker| blocker.name().to_owned()).collect()
    };
    let row = |label: String, spans, requests: &[Request]| Row {
        label,
        drawn: Drawn::Spans(spans),
        waited: total(requests, Request::waited_us),
        served: total(requests, |request| request.service_us),
        took: total(requests, Request::latency_us),
        behind: requests
            .iter()
            .flat_map(|request| behind(&request.id))
            .collect(),
    };
    let mut rows = Vec::new();
    if connection.requests.is_empty() {
        let label = format!("{} (silent)", connection.client);
        rows.push(row(label, silences(connection, now, None), &[]));
    } else if connection.requests.len() <= REQUESTS_APART {
        for (index, request) in connection.requests.iter().enumerate() {
            let mut spans = silences(connection, now, Some(index));
            spans.extend(request_spans(request, connection.closed_us.or(now)));
            let label = format!("{} {}", request.id, request.request);
            rows.push(row(label, spans, std::slice::from_ref(request)));
        }
    } else {
        let mut all = row(many(connection), Vec::new(), &connection.requests);
        all.behind.sort_unstable();
        all.behind.dedup();
        let spans = connection
            .requests
            .iter()
            .flat_map(|one| request_spans(one, connection.closed_us.or(now)));
        all.drawn = Drawn::Spans(spans.collect());
        rows.push(all);
    }
    rows
}

fn many(connection: &Connection) -> String {
    let first = connection
        .requests
        .first()
        .map_or("", |one| one.request.as_str());
    format!(
        "{} {first} ×{}",
        connection.client,
        connection.requests.len()
    )
}

/// Unknown as long as any of them is.
fn total(requests: &[Request], of: impl Fn(&Request) -> Option<u64>) -> Option<u64> {
    if requests.is_empty() {
        return None;
    }
    requests.iter().map(of).sum()
}

/// `until` is where a request without a reply ends.
fn request_spans(request: &Request, until: Option<u64>) -> Vec<Span> {
    let Some(sent) = request.sent_us else {
        return Vec::new();
    };
    let Some(replied) = request.replied_us else {
        let asked = Span {
            kind: Kind::Asked,
            from: sent,
            to: until.unwrap_or(sent),
        };
        let failed = Span {
            kind: Kind::Failed,
            ..asked
        };
        return if request.failure.is_some() {
            vec![asked, failed]
        } else {
            vec![asked]
        };
    };
    let mut spans = match request.started_us() {
        None => vec![Span {
            kind: Kind::Asked,
            from: sent,
            to: replied,
        }],
        Some(started) => vec![
            Span {
                kind: Kind::Waiting,
                from: sent,
                to: started,
            },
            Span {
                kind: Kind::Served,
                from: started,
                to: replied,
            },
        ],
    };
    if request.has_failed() {
        spans.push(Span {
            kind: Kind::Failed,
            from: sent,
            to: replied,
        });
    }
    spans
}

/// Where a connection is open and nothing is asked: after the request of that index, or in
/// all for a client without requests.
fn silences(
    connection: &Connection,
    now: Option<u64>,
    after: Option<usize>,
) -> Vec<Span> {
    let end = connection.closed_us.or(now);
    let (from, next) = match after {
        None => (connection.opened_us, None),
        Some(index) => (
            connection
                .requests
                .get(index)
                .and_then(|request| request.replied_us),
            connection
                .requests
                .get(index + 1)
                .and_then(|request| request.sent_us),
        ),
    };
    match (from, next.or(end)) {
        (Some(from), Some(to)) if to > from + SILENCE_US => {
            vec![Span {
                kind: Kind::Silent,
                from,
                to,
            }]
        }
        _ => Vec::new(),
    }
}

/// How many of a group wait, and how many are served, at each moment.
fn histograms(group: &str, members: &[Connection], now: Option<u64>) -> Vec<Row> {
    let requests = || members.iter().flat_map(|member| &member.requests);
    let spans_of = |member: &Connection| -> Vec<Span> {
        let until = member.closed_us.or(now);
        member
            .requests
            .iter()
            .flat_map(|one| request_spans(one, until))
            .collect()
    };
    let spans: Vec<Span> = members.iter().flat_map(spans_of).collect();
    let median_of = |of: fn(&Request) -> Option<u64>| {
        let mut all: Vec<u64> = requests().filter_map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    };
    let row = |kind, what: &str| Row {
        label: format!("{group}×{} {what}", members.len()),
        drawn: Drawn::Histogram {
            kind,
            spans: spans
                .iter()
                .copied()
                .filter(|span| span.kind == kind)
                .collect(),
            clients: members.len(),
        },
        waited: None,
        served: None,
        took: None,
        behind: Vec::new(),
    };
    let is_drawn = |kind| spans.iter().any(|span| span.kind == kind);
    let mut rows = Vec::new();
    if is_drawn(Kind::Asked) {
        rows.push(row(Kind::Asked, "asked"));
    }
    rows.push(Row {
        waited: median_of(Request::waited_us),
        ..row(Kind::Waiting, "waiting")
    });
    rows.push(Row {
        served: median_of(|one| one.service_us),
        ..row(Kind::Served, "served")
    });
    rows
}
