//! What a connection did, as stretches of time.

use crate::{
    record::{Connection, Request},
    whereabouts::{Stay, Whereabouts},
};

/// A shorter silence is the time that a reply and a close take, and is not drawn: 20 ms.
const SILENCE_US: u64 = 20_000;

/// What a stretch of time was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Connected, and nothing asked.
    Silent,
    /// Asked; what became of it is not known, or not yet.
    Asked,
    /// Waiting for its service; where is not known.
    Waiting,
    /// Waiting in the backlog.
    Backlog,
    /// Waiting at a lock.
    Lock,
    /// Being served.
    Served,
    /// Waiting for a processor, before its service or in it.
    Processor,
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

impl Kind {
    /// Whether it is a wait, wherever.
    pub(crate) fn is_wait(self) -> bool {
        matches!(
            self,
            Self::Waiting | Self::Backlog | Self::Lock | Self::Processor
        )
    }

    fn at(place: Whereabouts) -> Self {
        match place {
            Whereabouts::Backlog => Self::Backlog,
            Whereabouts::Lock => Self::Lock,
            Whereabouts::Processor => Self::Processor,
            Whereabouts::Unknown => Self::Waiting,
        }
    }
}

impl Span {
    fn new(kind: Kind, from: u64, to: u64) -> Self {
        Self { kind, from, to }
    }

    /// Its kind, unless it is a wait too short to be seen: it needs no sign in a legend.
    pub(crate) fn sign(&self) -> Option<Kind> {
        let is_short = self.to < self.from + SILENCE_US;
        (!(self.kind.is_wait() && is_short)).then_some(self.kind)
    }
}

/// The same spans where it is known where the request was: its wait is drawn by place.
pub(super) fn placed(spans: Vec<Span>, stays: &[Stay]) -> Vec<Span> {
    if stays.is_empty() {
        return spans;
    }
    let is_placed = |span: &Span| {
        let there = stays
            .iter()
            .filter(|stay| stay.from < span.to && stay.to > span.from);
        span.kind == Kind::Waiting && there.count() > 0
    };
    // While a run goes on, a wait may have gone on since the last look.
    let end = stays.iter().map(|stay| stay.to).max().unwrap_or(0);
    let (waits, mut spans): (Vec<Span>, Vec<Span>) =
        spans.into_iter().partition(is_placed);
    let rest = waits.into_iter().filter(|wait| wait.to > end);
    spans.extend(rest.map(|wait| Span { from: end, ..wait }));
    let of_stay = |stay: &Stay| Span {
        kind: Kind::at(stay.at),
        from: stay.from,
        to: stay.to,
    };
    spans.extend(stays.iter().map(of_stay));
    spans
}

/// `until` is where a request without a reply ends; `start` is when its service is to
/// begin, as far as that is known while the run goes on.
pub(super) fn request_spans(
    request: &Request,
    until: Option<u64>,
    start: Option<u64>,
) -> Vec<Span> {
    let Some(sent) = request.sent_us else {
        let failed = until.filter(|_| request.failure.is_some());
        return Vec::from_iter(failed.map(|end| Span::new(Kind::Failed, end, end)));
    };
    let Some(replied) = request.replied_us else {
        let until = until.unwrap_or(sent);
        return match start.filter(|_| request.failure.is_none()) {
            Some(start) => presumed(sent, start, until),
            None => unanswered(request, sent, until),
        };
    };
    let mut spans = match request.started_us() {
        None => vec![Span::new(Kind::Asked, sent, replied)],
        Some(started) => vec![
            Span::new(Kind::Waiting, sent, started),
            Span::new(Kind::Served, started, replied),
        ],
    };
    if request.has_failed() {
        spans.push(Span::new(Kind::Failed, sent, replied));
    }
    spans
}

/// A request that got no reply: of which nothing is known but that, or that it failed.
fn unanswered(request: &Request, sent: u64, until: u64) -> Vec<Span> {
    let asked = Span::new(Kind::Asked, sent, until);
    let failed = Span::new(Kind::Failed, sent, until);
    match request.failure {
        Some(_) => vec![asked, failed],
        None => vec![asked],
    }
}

/// A request that waits for its reply until now.
fn presumed(sent: u64, start: u64, now: u64) -> Vec<Span> {
    let waiting = Span::new(Kind::Waiting, sent, start.min(now));
    if start > now {
        vec![waiting]
    } else {
        vec![waiting, Span::new(Kind::Served, start, now)]
    }
}

/// Where a connection is open and nothing is asked: after the request of that index, or
/// in all for a client without requests.
pub(crate) fn silences(
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

/// How many spans there are at once, at the most, in each of `count` cells. A span that
/// is shorter than a cell counts for it; spans that follow each other count once.
pub(super) fn most_at_once(
    spans: &[Span],
    count: usize,
    cell: impl Fn(u64) -> usize,
) -> Vec<usize> {
    let long = |span: &&Span| span.to > span.from || span.kind != Kind::Waiting;
    let mut changes: Vec<(u64, bool)> = Vec::new();
    for span in spans.iter().filter(long) {
        changes.push((span.from, true));
        changes.push((span.to.max(span.from + 1), false));
    }
    changes.sort_unstable(); // at one moment an end comes before a beginning
    let mut most = vec![0; count];
    let (mut at, mut now) = (0, 0_usize);
    for (moment, begins) in changes {
        let next = cell(moment);
        for cell in most.iter_mut().take(next).skip(at) {
            *cell = now.max(*cell);
        }
        now = if begins {
            now + 1
        } else {
            now.saturating_sub(1)
        };
        at = next;
        if let Some(cell) = most.get_mut(next) {
            *cell = now.max(*cell);
        }
    }
    most
}
