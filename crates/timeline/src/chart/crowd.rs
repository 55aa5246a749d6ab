//! A crowd: many clients of a group in one to three rows.

use super::{
    row::{Drawn, Row},
    rows::Member,
    spans::{Kind, Span, silences},
};
use crate::record::Request;

/// How many of a group wait, and how many are served, at each moment; or how many are
/// connected, if they ask for nothing.
pub(super) fn histograms(
    group: &str,
    members: &[Member<'_>],
    now: Option<u64>,
) -> Vec<Row> {
    let is_silent = members.iter().all(|one| one.connection.requests.is_empty());
    let spans_of = |member: &Member<'_>| match is_silent {
        true => silences(member.connection, now, None),
        // A crowd waits in one row, wherever each of it does.
        false => member.unplaced_spans(now),
    };
    let spans: Vec<Span> = members.iter().flat_map(spans_of).collect();
    let crowd = Crowd {
        group,
        members,
        spans: &spans,
    };
    if is_silent {
        return vec![crowd.row(Kind::Silent, "silent")];
    }
    let mut rows = Vec::new();
    if spans.iter().any(|span| span.kind == Kind::Asked) {
        rows.push(crowd.row(Kind::Asked, "asked"));
    }
    rows.push(Row {
        waited: crowd.median(Request::waited_us),
        ..crowd.row(Kind::Waiting, "waiting")
    });
    rows.push(Row {
        served: crowd.median(|one| one.service_us),
        ..crowd.row(Kind::Served, "served")
    });
    rows
}

struct Crowd<'a> {
    group: &'a str,
    members: &'a [Member<'a>],
    /// Of all members.
    spans: &'a [Span],
}

impl Crowd<'_> {
    fn row(&self, kind: Kind, what: &str) -> Row {
        let label = format!("{}×{} {what}", self.group, self.members.len());
        let spans = self.spans.iter().filter(|span| span.kind == kind);
        Row {
            sentence: format!("{label}: how many at each moment."),
            label,
            drawn: Drawn::Histogram {
                kind,
                spans: spans.copied().collect(),
                clients: self.members.len(),
            },
            ..Row::of(&[])
        }
    }

    fn median(&self, of: fn(&Request) -> Option<u64>) -> Option<u64> {
        let members = self.members.iter();
        let requests = members.flat_map(|member| &member.connection.requests);
        let mut all: Vec<u64> = requests.filter_map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    }
}
