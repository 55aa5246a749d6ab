//! A record as rows of spans: what is drawn, whatever draws it.
//!
//! One row a request; a client's many requests share a row; many clients of a group fold
//! into a histogram of how many wait and how many are served.

use super::{
    counts::Counts,
    crowd::histograms,
    plain::{self, Teller},
    presumed,
    row::{Arrow, Drawn, OTHERS, Row, behind},
    since::Since,
    spans::{Span, placed, request_spans, silences},
};
use crate::{
    record::{Connection, Observed, Request, Run, ServerRun},
    verdict::{Judged, Verdict},
    whereabouts::{self, Stay},
};

/// A client with more requests than this has one row for all of them.
const REQUESTS_APART: usize = 4;

/// A picture of more rows than this folds its groups.
const ROWS_APART: usize = 20;

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
    let presumed = now.map(|_| presumed::starts(server)).unwrap_or_default();
    let drawing = Drawing {
        teller: Teller::of(server),
        since: Since::of(server),
        now,
    };
    let stays = whereabouts::of(server);
    let members = members(server, judged, &presumed, &stays);
    let mut rows = Vec::new();
    let mut members = members.as_slice();
    while let Some((first, rest)) = members.split_first() {
        let of_group = |one: &&Member<'_>| one.connection.group == first.connection.group;
        match &first.connection.group {
            Some(group) if folding.groups => {
                let count = members.iter().take_while(of_group).count();
                let (same, others) = members.split_at(count);
                rows.extend(histograms(group, same, now));
                members = others;
            }
            _ => {
                rows.extend(drawing.of_connection(first));
                members = rest;
            }
        }
    }
    rows.extend(server.observed.as_ref().map(counts));
    rows
}

/// What the server itself was seen to have.
fn counts(observed: &Observed) -> Row {
    let counts = Counts::of(observed);
    Row {
        label: "observed".to_owned(),
        sentence: format!("At most at once: {}.", counts.most()),
        drawn: Drawn::Counts(counts),
        ..Row::of(&[])
    }
}

/// One connection with the verdicts on its requests: one for each, or none at all.
pub(super) struct Member<'a> {
    pub(super) connection: &'a Connection,
    judged: &'a [Judged],
    presumed: &'a [Option<u64>],
    /// Where each of its requests was.
    stays: &'a [Vec<Stay>],
}

fn members<'a>(
    server: &'a ServerRun,
    mut judged: &'a [Judged],
    mut presumed: &'a [Option<u64>],
    mut stays: &'a [Vec<Stay>],
) -> Vec<Member<'a>> {
    let connections = server.connections.iter();
    connections
        .map(|connection| {
            let count = connection.requests.len();
            let (mine, others) = judged.split_at(count.min(judged.len()));
            let (starts, later) = presumed.split_at(count.min(presumed.len()));
            let (places, further) = stays.split_at(count.min(stays.len()));
            (judged, presumed, stays) = (others, later, further);
            Member {
                connection,
                judged: mine,
                presumed: starts,
                stays: places,
            }
        })
        .collect()
}

impl Member<'_> {
    /// The spans of the request of this index.
    fn spans_of(&self, index: usize, request: &Request, now: Option<u64>) -> Vec<Span> {
        placed(self.unplaced(index, request, now), self.stays_of(index))
    }

    /// The same wherever it waited.
    fn unplaced(&self, index: usize, request: &Request, now: Option<u64>) -> Vec<Span> {
        let start = self.presumed.get(index).copied().flatten();
        request_spans(request, self.connection.closed_us.or(now), start)
    }

    fn stays_of(&self, index: usize) -> &[Stay] {
        self.stays.get(index).map_or(&[], Vec::as_slice)
    }

    /// The spans of all its requests, wherever each of them waited.
    pub(super) fn unplaced_spans(&self, now: Option<u64>) -> Vec<Span> {
        let requests = self.connection.requests.iter().enumerate();
        let spans = requests.flat_map(|(index, one)| self.unplaced(index, one, now));
        spans.collect()
    }

    /// The spans of all its requests, services after waits: they are drawn on top.
    fn spans(&self, now: Option<u64>) -> Vec<Span> {
        let requests = self.connection.requests.iter().enumerate();
        let mut spans: Vec<Span> = requests
            .flat_map(|(index, one)| self.spans_of(index, one, now))
            .collect();
        spans.sort_by_key(|span| span.kind);
        spans
    }
}

/// What the rows of one server are made from.
struct Drawing<'a> {
    teller: Teller<'a>,
    since: Since<'a>,
    now: Option<u64>,
}

impl Drawing<'_> {
    fn of_connection(&self, member: &Member<'_>) -> Vec<Row> {
        let connection = member.connection;
        let mut rows = match connection.requests.as_slice() {
            [] => vec![Row {
                label: format!("{} (silent)", connection.client),
                drawn: Drawn::Spans(silences(connection, self.now, None)),
                sentence: plain::silence(connection),
                ..Row::of(&[])
            }],
            few if few.len() <= REQUESTS_APART => {
                let requests = few.iter().enumerate();
                requests
                    .map(|(index, one)| self.of_request(member, index, one))
                    .collect()
            }
            many => vec![self.of_many(member, many)],
        };
        if let Some(first) = rows.first_mut() {
            first.names.push(connection.client.clone());
        }
        rows
    }

    fn of_request(&self, member: &Member<'_>, index: usize, request: &Request) -> Row {
        let mut spans = silences(member.connection, self.now, Some(index));
        spans.extend(member.spans_of(index, request, self.now));
        let judged = member.judged.get(index);
        Row {
            label: format!("{} {}", request.id, request.request),
            drawn: Drawn::Spans(spans),
            behind: judged.map(behind).unwrap_or_default(),
            arrows: judged
                .map(|judged| self.arrows(judged, request))
                .unwrap_or_default(),
            place: whereabouts::mostly(member.stays_of(index)),
            sentence: judged
                .map(|judged| self.teller.sentence(request, judged))
                .unwrap_or_default(),
            ..Row::of(std::slice::from_ref(request))
        }
    }

    fn arrows(&self, judged: &Judged, request: &Request) -> Vec<Arrow> {
        let behind = judged.behind.iter();
        behind
            .filter_map(|behind| {
                let at = self.since.moment(&behind.blocker, request)?;
                let to = behind.name().to_owned();
                Some(Arrow { to, at })
            })
            .collect()
    }

    fn of_many(&self, member: &Member<'_>, requests: &[Request]) -> Row {
        let first = requests.first().map_or("", |one| one.request.as_str());
        let what = match requests.iter().all(|one| one.request == first) {
            true => format!("{first} ×{}", requests.len()),
            false => format!("{} requests", requests.len()),
        };
        let mut names: Vec<String> = member.judged.iter().flat_map(behind).collect();
        names.sort_by_cached_key(|name| (name == OTHERS, name.clone()));
        names.dedup();
        let mut row = Row {
            label: format!("{} {what}", member.connection.client),
            drawn: Drawn::Spans(member.spans(self.now)),
            behind: names,
            place: whereabouts::mostly(&member.stays.concat()),
            ..Row::of(requests)
        };
        row.sentence = row.summary();
        row
    }
}
