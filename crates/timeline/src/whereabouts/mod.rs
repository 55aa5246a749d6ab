//! Where a request waited: in the kernel's backlog, at a lock, or for a processor.
//!
//! It says only what was seen. A connection that the server had not accepted was in the
//! backlog. A thread that waited for another one stood at a lock for the request that it
//! served later, if it served nothing else meanwhile: in the middle of a request the same
//! wait is a sleep or a rendezvous. All the rest is unknown. `threads.rs` finds the
//! thread that served a request, by the name that TIMED gives.

mod threads;

use crate::record::{Connection, Request, ServerRun, is_one_of};

/// What was seen at one moment holds until the next one, or for this long: 250 ms. With
/// four servers, looks that take 1 % of a core are 150 ms apart.
const HOLDS_US: u64 = 250_000;

/// A gap belongs to the stay beside it if it is no longer than a look holds, and than
/// this part of the wait: an eighth.
const SMALL: u64 = 8;

/// Where a request waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whereabouts {
    /// The server has not accepted its connection.
    Backlog,
    /// The thread that serves it waits for another thread.
    Lock,
    /// The thread that serves it is ready to run, and others run.
    Processor,
    /// It is not known.
    Unknown,
}

impl Whereabouts {
    /// As a sentence has it: `in the backlog`.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Backlog => "in the backlog",
            Self::Lock => "at a lock",
            Self::Processor => "waiting for a processor",
            Self::Unknown => "in an unknown place",
        }
    }

    /// As a column of a chart has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Backlog => "backlog",
            Self::Lock => "lock",
            Self::Processor => "processor",
            Self::Unknown => "unknown",
        }
    }
}

/// A stretch of a request's time at one place, in microseconds from the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Where it was.
    pub at: Whereabouts,
    /// From when on.
    pub from: u64,
    /// Until when.
    pub to: u64,
}

/// Where each request was while it waited, in the order of [`ServerRun::requests`]: the
/// stays of its wait without a gap, then those in which its service waited for a
/// processor. Nothing for a server that was not observed.
#[must_use]
pub fn of(server: &ServerRun) -> Vec<Vec<Stay>> {
    let Some(observed) = &server.observed else {
        return vec![Vec::new(); server.requests().count()];
    };
    let threads = threads::Threads::of(server, observed);
    let stays = |(connection, request): (&Connection, &Request)| {
        let until = observed.until_us;
        let mut stays = while_waiting(connection, request, &threads, until);
        // A request that sleeps needs none, whatever its thread does for another one.
        if let (Some(started), Some(replied)) = (request.started_us(), request.replied_us)
            && !is_one_of(&request.request, &["SLEEP", "MEET"])
        {
            stays.extend(threads.for_a_processor(request, started, replied));
        }
        stays
    };
    server.requests().map(stays).collect()
}

/// The place at which it was for the longest time, where that is worth a word: 50 ms. A
/// busy machine keeps any request waiting for less.
#[must_use]
pub fn mostly(stays: &[Stay]) -> Option<Whereabouts> {
    longest(stays).map(|(at, _)| at)
}

/// The same, and how long it was there in all.
pub(crate) fn longest(stays: &[Stay]) -> Option<(Whereabouts, u64)> {
    let totals = worth_saying(stays).into_iter();
    totals.rev().max_by_key(|(_, total)| *total)
}

/// The places at which it was for 50 ms or more in all, each with that time, in the order
/// in which it came to them.
pub(crate) fn worth_saying(stays: &[Stay]) -> Vec<(Whereabouts, u64)> {
    const LEAST_US: u64 = 50_000;
    let mut totals: Vec<(Whereabouts, u64)> = Vec::new();
    for stay in stays {
        let length = stay.to - stay.from;
        match totals.iter_mut().find(|(at, _)| *at == stay.at) {
            Some((_, total)) => *total += length,
            None => totals.push((stay.at, length)),
        }
    }
    totals.retain(|(_, total)| *total >= LEAST_US);
    totals
}

/// Where it was from its sending to its service; to the last look where it was not
/// served.
fn while_waiting(
    connection: &Connection,
    request: &Request,
    threads: &threads::Threads<'_>,
    until: u64,
) -> Vec<Stay> {
    let Some(sent) = request.sent_us else {
        return Vec::new();
    };
    let accepted = in_backlog_until(connection, until).unwrap_or(sent);
    let Some(end) = request.started_us() else {
        // One that is accepted and not answered may wait anywhere, or be served.
        let is_there = connection.accepted_us.is_none() && request.replied_us.is_none();
        return match accepted > sent && is_there {
            true => vec![stay(Whereabouts::Backlog, sent, accepted)],
            false => Vec::new(),
        };
    };
    let accepted = accepted.clamp(sent, end);
    let mut stays = vec![stay(Whereabouts::Backlog, sent, accepted)];
    stays.extend(threads.at_a_lock(connection, request, accepted, end));
    without_gaps(stays, sent, end)
}

/// When the server accepted it, as far as that was seen by the last look.
fn in_backlog_until(connection: &Connection, until: u64) -> Option<u64> {
    let last = connection.in_backlog_us?;
    let accepted = connection.accepted_us.unwrap_or(u64::MAX);
    // Of several requests on it the first was served once it was accepted.
    let first = connection.requests.first();
    let served = first.and_then(|first| first.started_us().or(first.replied_us));
    let accepted = accepted.min(served.unwrap_or(u64::MAX));
    Some(accepted.min(last + HOLDS_US).min(until.max(last)))
}

fn stay(at: Whereabouts, from: u64, to: u64) -> Stay {
    Stay { at, from, to }
}

/// Fills what is left of a wait: a small gap belongs to the stay before it or after it,
/// and a larger one is unknown.
fn without_gaps(stays: Vec<Stay>, from: u64, to: u64) -> Vec<Stay> {
    let mut filled: Vec<Stay> = Vec::new();
    let small = HOLDS_US.min((to.saturating_sub(from)) / SMALL);
    let mut at = from;
    for one in stays {
        let (start, end) = (one.from.clamp(at, to), one.to.clamp(at, to));
        fill(&mut filled, (at, start), small, Some(one.at));
        add(&mut filled, stay(one.at, start, end));
        at = end;
    }
    fill(&mut filled, (at, to), small, None);
    filled
}

fn fill(
    filled: &mut Vec<Stay>,
    (from, to): (u64, u64),
    small: u64,
    next: Option<Whereabouts>,
) {
    let last = filled.last().map(|stay| stay.at);
    let is_small = to.saturating_sub(from) <= small;
    let at = last.or(next).filter(|_| is_small);
    add(filled, stay(at.unwrap_or(Whereabouts::Unknown), from, to));
}

fn add(stays: &mut Vec<Stay>, one: Stay) {
    match stays.last_mut() {
        _ if one.to <= one.from => {}
        Some(last) if last.at == one.at => last.to = one.to,
        _ => stays.push(one),
    }
}
