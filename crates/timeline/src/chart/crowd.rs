//! A crowd: many clients of a group in two or three rows.

use super::{
    row::{Drawn, Row},
    rows::Member,
    spans::{Kind, Span},
};
use crate::record::Request;

/// How many of a group wait, and how many are served, at each moment.
pub(super) fn histograms(
    group: &str,
    members: &[Member<'_>],
    now: Option<u64>,
) -> Vec<Row> {
    let requests = || {
        members
            .iter()
            .flat_map(|member| &member.connection.requests)
    };
    let spans: Vec<Span> = members
        .iter()
        .flat_map(|member| member.spans(now))
        .collect();
    let median_of = |of: fn(&Request) -> Option<u64>| {
        let mut all: Vec<u64> = requests().filter_map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    };
    let row = |kind, what: &str| {
        let label = format!("{group}×{} {what}", members.len());
        Row {
            told: format!("{label}: how many at each moment."),
            label,
            drawn: Drawn::Histogram {
                kind,
                spans: spans
                    .iter()
                    .copied()
                    .filter(|span| span.kind == kind)
                    .collect(),
                clients: members.len(),
            },
            ..Row::of(&[])
        }
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
