//! One answered request, and how long it was surely in service: what the server says,
//! held against its latency and against the same request alone.

use super::{
    SLACK_US,
    claims::{
        alone_us, cuts_sleeps, possible_service, says_too_little, serves_side_by_side,
    },
    held_up,
};
use crate::record::{Request, ServerRun};

/// How much less a request may take than it once took alone: 5 ms.
const ALONE_VARIES_US: u64 = 5_000;

/// Whose word on a service time is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The server's, where it is possible.
    Claimed,
    /// What the request takes alone, where the server says more: it counts waiting as
    /// service.
    Alone,
    /// The same, and of a request of which this is not known nothing is.
    KnownAlone,
}

/// One answered request, in microseconds from the start of the run.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The index of its connection.
    pub(crate) connection: usize,
    /// Its place among all requests of the record.
    pub(crate) place: usize,
    pub(crate) sent: u64,
    /// No service of it began before: it was sent, and the reply before it on its
    /// connection was in.
    pub(crate) earliest: u64,
    pub(crate) replied: u64,
    /// In service for this long, up to its reply.
    pub(crate) service: u64,
    /// Surely in service for this long: no longer than it takes alone, unless it
    /// computes; not at all where its service is not known.
    pub(crate) sure: u64,
    /// Whether `service` is known at all.
    pub(crate) is_known: bool,
    /// When its service began as the server has it, where that is possible.
    pub(crate) claimed_start: Option<u64>,
    /// How much longer than alone the server says it served it.
    pub(crate) excess: u64,
    /// Whether it was done in its own time, and its reply waited for one that computed.
    pub(crate) is_held_up: bool,
    /// Whether it sleeps: an event loop does others meanwhile.
    pub(crate) is_elsewhere: bool,
    /// Whether it computes: then it takes longer where others share the processors.
    pub(crate) computes: bool,
    /// Whether it was the first on its connection, which may have been hard to get.
    pub(crate) is_first: bool,
    /// Whether it wants to meet others.
    pub(crate) is_meeting: bool,
    /// Whether it met others: its service and theirs ended together.
    pub(crate) has_met: bool,
    /// Whether it got an error at once: it was never in service.
    pub(crate) is_refused: bool,
}

impl Visit {
    /// When its service began.
    pub(crate) fn start(&self) -> u64 {
        self.replied - self.service
    }

    /// After this moment its service did not begin.
    pub(crate) fn latest_start(&self) -> u64 {
        self.replied - self.sure
    }

    /// Before this moment its service did not end.
    pub(crate) fn earliest_end(&self) -> u64 {
        self.earliest + self.sure
    }

    /// When it surely was in service, if there is such a time; there is none of a request
    /// that was refused, or of whose service nothing is known.
    pub(crate) fn sure_service(&self) -> Option<(u64, u64)> {
        let (from, to) = (self.latest_start(), self.earliest_end());
        (from < to).then_some((from, to))
    }

    pub(crate) fn waited(&self) -> u64 {
        self.start().saturating_sub(self.sent)
    }

    /// From here on it waits for other connections: before, it waits for the replies
    /// before it on its own.
    pub(crate) fn turn(&self) -> u64 {
        self.earliest.clamp(self.sent, self.start().max(self.sent))
    }

    /// The moment by which those whom it awaited had ended. A tenth of its wait for
    /// others, at most [`SLACK_US`], is left to the two replies' ways to the client; but
    /// who is answered after it was not awaited.
    pub(crate) fn limit(&self) -> u64 {
        (self.start() + self.slack()).min(self.replied)
    }

    pub(crate) fn slack(&self) -> u64 {
        (self.start().saturating_sub(self.turn()) / 10).min(SLACK_US)
    }
}

/// Every answered request, in the record's order.
pub(crate) fn visits(server: &ServerRun, reading: Reading) -> Vec<Visit> {
    let mut visits = Vec::new();
    let mut place = 0;
    let cuts_sleeps = cuts_sleeps(server);
    let is_side_by_side = !cuts_sleeps && serves_side_by_side(server);
    for (connection, run) in server.connections.iter().enumerate() {
        let mut free = 0; // one connection's requests are served one after another
        let mut is_first = true;
        for request in &run.requests {
            let alone = alone_us(request);
            let alone = alone.filter(|_| !(cuts_sleeps && request.is("SLEEP")));
            let visit = visit(request, alone, reading, connection, place, free);
            if let Some(mut visit) = visit {
                visit.is_first = is_first;
                free = if is_side_by_side { 0 } else { visit.replied };
                is_first = false;
                visits.push(visit);
            }
            place += 1;
        }
    }
    held_up::mark(server, &mut visits);
    visits
}

fn visit(
    request: &Request,
    alone: Option<u64>,
    reading: Reading,
    connection: usize,
    place: usize,
    free: u64,
) -> Option<Visit> {
    let (sent, replied) = (request.sent_us?, request.replied_us?);
    let latency = replied.checked_sub(sent)?;
    let earliest = sent.max(free).min(replied);
    let claimed = possible_service(request);
    let excess = claimed.map_or(0, |one| one.saturating_sub(alone.unwrap_or(one)));
    let computes = request.computes();
    // An error at once is no service; how long another one took is not known.
    let failed_within = |time| (0, request.has_failed() && time < ALONE_VARIES_US);
    let (service, is_known) = match (claimed, alone) {
        (Some(_), Some(alone)) if says_too_little(request) => (alone.min(latency), true),
        (Some(claimed), Some(alone)) if reading != Reading::Claimed => {
            (claimed.min(alone), true)
        }
        (Some(claimed), None) if reading == Reading::KnownAlone => failed_within(claimed),
        (Some(claimed), _) => (claimed, true),
        // What computes takes longer on a busy machine, and nobody says how long it did.
        (None, Some(alone)) => (alone.min(latency), !computes),
        (None, None) => failed_within(latency),
    };
    let service = service.min(replied - earliest);
    Some(Visit {
        connection,
        place,
        sent,
        earliest,
        replied,
        service,
        sure: match is_known {
            true => sure(request, service, (claimed, alone)),
            false => 0,
        },
        is_known,
        claimed_start: claimed.map(|claimed| replied - claimed),
        excess,
        is_held_up: false,
        is_elsewhere: request.is("SLEEP") || request.request.starts_with("RUN sleep"),
        computes,
        is_first: false,
        is_meeting: request.is("MEET"),
        has_met: request.is("MEET") && request.reply.as_deref() == Some("+MET"),
        is_refused: request.has_failed() && is_known && service == 0,
    })
}

/// For how much of its service a request was surely served, by what the server claims and
/// what it takes alone.
fn sure(
    request: &Request,
    service: u64,
    (claimed, alone): (Option<u64>, Option<u64>),
) -> u64 {
    match alone {
        _ if request.computes() => service,
        _ if claimed.is_none() && !request.is("SLEEP") => {
            service.saturating_sub(ALONE_VARIES_US)
        }
        Some(alone) => service.min(alone),
        None => service,
    }
}
