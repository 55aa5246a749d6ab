//! One row of a chart: its label, what stands on the axis, its numbers, and whom it
//! waited for.

use super::{
    counts::Counts,
    seconds,
    spans::{Kind, Span},
};
use crate::{
    record::Request,
    verdict::{Behind, Judged},
    whereabouts::Whereabouts,
};

/// What stands on a row's part of the axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Drawn {
    Spans(Vec<Span>),
    /// Threads and backlog of the server.
    Counts(Counts),
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
    /// What those who wait for it call it: its requests' ids and its client's name.
    pub(crate) names: Vec<String>,
    pub(crate) behind: Vec<String>,
    /// From the wait to those who were in the way.
    pub(crate) arrows: Vec<Arrow>,
    /// Where it waited for the longest time.
    pub(crate) place: Option<Whereabouts>,
    /// All of it in a sentence, once there is a verdict.
    pub(crate) sentence: String,
}

/// From a wait to somebody who was in the way, at a moment when they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub(crate) to: String,
    pub(crate) at: u64,
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
            names: requests.iter().map(|request| request.id.clone()).collect(),
            behind: Vec::new(),
            arrows: Vec::new(),
            place: None,
            sentence: String::new(),
        }
    }

    pub(super) fn summary(&self) -> String {
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

/// What stands behind the names where there are more.
pub(super) const OTHERS: &str = "others";

/// Whom a request was behind. A client that was in the way with a request and with its
/// silence is named once.
pub(super) fn behind(judged: &Judged) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in judged.behind.iter().map(Behind::name) {
        let client = name.split('.').next().unwrap_or(name);
        names.retain(|other| *other != client || *other == name);
        if !names.iter().any(|one| one.split('.').next() == Some(name)) {
            names.push(name);
        }
    }
    names.extend(judged.more.then_some(OTHERS));
    names.into_iter().map(str::to_owned).collect()
}
