//! A record as rows of spans: what is drawn, whatever draws it.
//!
//! One row a request; a client's many requests share a row; many clients of a group fold into
//! a histogram of how many wait and how many are served.

use super::{
    crowd::histograms,
    plain, seconds,
    spans::{Kind, Span, request_spans, silences},
};
use crate::{
    record::{Connection, Request, Run, ServerRun},
    verdict::{Judged, Verdict},
};

/// A client with more requests than this has one row for all of them.
const REQUESTS_APART: usize = 4;

/// A picture of more rows than this folds its groups.
const ROWS_APART: usize = 20;

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
    /// All of it in a sentence, once there is a verdict.
    pub(crate) told: String,
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
    let judged = verdict.map_or(&[][..], |verdict| verdict.requests.as_slice());
    let believed = verdict.map(|verdict| verdict.believed(server));
    let server = believed.as_ref().unwrap_or(server);
    let drawing = Drawing {
        server,
        judged,
        now,
    };
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
                rows.extend(drawing.of_connection(first));
                connections = rest;
            }
        }
    }
    rows
}

/// What the rows of one server are made from.
struct Drawing<'a> {
    server: &'a ServerRun,
    judged: &'a [Judged],
    now: Option<u64>,
}

impl Drawing<'_> {
    fn of_connection(&self, connection: &Connection) -> Vec<Row> {
        match connection.requests.as_slice() {
            [] => vec![Row {
                label: format!("{} (silent)", connection.client),
                drawn: Drawn::Spans(silences(connection, self.now, None)),
                told: plain::silence(connection),
                ..Row::of(&[])
            }],
            few if few.len() <= REQUESTS_APART => {
                let requests = few.iter().enumerate();
                requests
                    .map(|(index, one)| self.of_request(connection, index, one))
                    .collect()
            }
            many => vec![self.of_many(connection, many)],
        }
    }

    fn of_request(
        &self,
        connection: &Connection,
        index: usize,
        request: &Request,
    ) -> Row {
        let mut spans = silences(connection, self.now, Some(index));
        spans.extend(request_spans(request, connection.closed_us.or(self.now)));
        let judged = self.judged.iter().find(|judged| judged.id == request.id);
        Row {
            label: format!("{} {}", request.id, request.request),
            drawn: Drawn::Spans(spans),
            behind: judged.map(behind).unwrap_or_default(),
            told: judged
                .map(|judged| plain::sentence(self.server, request, judged))
                .unwrap_or_default(),
            ..Row::of(std::slice::from_ref(request))
        }
    }

    fn of_many(&self, connection: &Connection, requests: &[Request]) -> Row {
        let first = requests.first().map_or("", |one| one.request.as_str());
        let until = connection.closed_us.or(self.now);
        let spans = requests.iter().flat_map(|one| request_spans(one, until));
        let is_ours = |judged: &&Judged| requests.iter().any(|one| one.id == judged.id);
        let mut names: Vec<String> = self
            .judged
            .iter()
            .filter(is_ours)
            .flat_map(behind)
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut row = Row {
            label: format!("{} {first} ×{}", connection.client, requests.len()),
            drawn: Drawn::Spans(spans.collect()),
            behind: names,
            ..Row::of(requests)
        };
        row.told = row.summary();
        row
    }
}

impl Row {
    /// The numbers of these requests together; unknown as long as one is.
    pub(super) fn of(requests: &[Request]) -> Self {
        let total = |of: fn(&Request) -> Option<u64>| -> Option<u64> {
            if requests.is_empty() {
                None
            } else {
                requests.iter().map(of).sum()
            }
        };
        Self {
            label: String::new(),
            drawn: Drawn::Spans(Vec::new()),
            waited: total(Request::waited_us),
            served: total(|request| request.service_us),
            took: total(Request::latency_us),
            behind: Vec::new(),
            told: String::new(),
        }
    }

    fn summary(&self) -> String {
        match (self.waited, self.served) {
            (Some(waited), Some(served)) => format!(
                "{}: {} s waited and {} s served in all.",
                self.label,
                seconds(waited),
                seconds(served)
            ),
            _ => format!("{}.", self.label),
        }
    }
}

fn behind(judged: &Judged) -> Vec<String> {
    judged
        .behind
        .iter()
        .map(|blocker| blocker.name().to_owned())
        .collect()
}
