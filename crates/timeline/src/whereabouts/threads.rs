//! Which thread served a request, and what it did before.

use std::collections::HashMap;

use super::{Stay, Whereabouts, stay};
use crate::record::{Connection, Did, Doing, Observed, Request, ServerRun, Thread};

/// So much of a thread's name the system keeps.
const KEPT: usize = 15;

/// A thread serves one request after the other; their stamps may differ by so much: 50
/// ms.
const SLACK_US: u64 = 50_000;

/// What a main thread is called in TIMED: by Rust, and by Python.
const MAIN: [&str; 2] = ["main", "MainThread"];

/// When a thread served a request, in the order of the ends.
type Services<'a> = Vec<(u64, u64, &'a Request)>;

/// The threads of one server, and when each of them served which request.
pub(super) struct Threads<'a> {
    seen: &'a [Thread],
    services: HashMap<&'a str, Services<'a>>,
}

impl<'a> Threads<'a> {
    pub(super) fn of(server: &'a ServerRun, observed: &'a Observed) -> Self {
        let mut services: HashMap<&str, Services<'_>> = HashMap::new();
        for (_, request) in server.requests() {
            let times = request
                .started_us()
                .or(request.sent_us)
                .zip(request.replied_us);
            if let (Some(thread), Some((from, to))) = (&request.thread, times) {
                let services = services.entry(thread).or_default();
                services.push((from, to, request));
            }
        }
        for services in services.values_mut() {
            services.sort_by_key(|(_, to, _)| *to);
        }
        Self {
            seen: &observed.threads,
            services,
        }
    }

    /// The thread that served a request, where exactly one that was seen before this
    /// moment has the name that the server said: a child process has the name of the
    /// thread that forked it until it becomes a program of its own.
    fn of_request(&self, request: &Request, before: u64) -> Option<&'a Thread> {
        let said = request.thread.as_deref()?;
        let kept = said.get(..said.floor_char_boundary(KEPT)).unwrap_or(said);
        let is_meant = |thread: &&Thread| {
            let was_there = thread.did.first().is_some_and(|did| did.from_us < before);
            let is_called = thread.name == kept || (thread.main && MAIN.contains(&said));
            was_there && is_called
        };
        let mut meant = self.seen.iter().filter(is_meant);
        let first = meant.next()?;
        meant.all(|other| other.id == first.id).then_some(first)
    }

    /// What the thread of a request did between two moments before its service.
    pub(super) fn at_a_lock(
        &self,
        connection: &Connection,
        request: &Request,
        from: u64,
        to: u64,
    ) -> Vec<Stay> {
        let Some(thread) = self.of_request(request, to) else {
            return Vec::new();
        };
        let busy = self.busy_with_others(connection, request, from);
        let mut stays = Vec::new();
        for did in thread
            .did
            .iter()
            .filter(|did| did.from_us < to && did.to_us > from)
        {
            let (mut at, end) = (did.from_us.max(from), did.to_us.min(to));
            let place = place(did);
            for (begin, until) in &busy {
                if *begin < end && *until > at {
                    stays.push(stay(place, at, (*begin).max(at)));
                    let rest = (*until).min(end);
                    stays.push(stay(Whereabouts::Unknown, (*begin).max(at), rest));
                    at = rest;
                }
            }
            stays.push(stay(place, at, end));
        }
        stays
    }

    /// When the thread of a request was busy with another one, from a moment on: it
    /// served it, or that one was the same client's and came before.
    fn busy_with_others(
        &self,
        connection: &Connection,
        request: &Request,
        from: u64,
    ) -> Vec<(u64, u64)> {
        let before = connection.requests.iter();
        let before = before.take_while(|other| !std::ptr::eq(*other, request));
        let own = before.filter_map(|other| other.sent_us.zip(other.replied_us));
        let mut busy: Vec<(u64, u64)> = own.filter(|(_, to)| *to > from).collect();
        let said = request.thread.as_deref().unwrap_or_default();
        let services = self.services.get(said).map_or(&[][..], Vec::as_slice);
        let first = services.partition_point(|(_, to, _)| *to <= from);
        let last = request.started_us().unwrap_or(u64::MAX);
        let others = services.get(first..).unwrap_or_default().iter();
        let others = others.take_while(|(_, to, _)| *to <= last.saturating_add(SLACK_US));
        let others = others.filter(|(_, _, other)| !std::ptr::eq(*other, request));
        busy.extend(others.map(|(from, to, _)| (*from, *to)));
        busy.sort_unstable();
        busy
    }

    /// When its thread waited for a processor while it was served. How much of each
    /// stretch that was is known, and not which part: it is drawn at the end.
    pub(super) fn for_a_processor(
        &self,
        request: &Request,
        started: u64,
        replied: u64,
    ) -> Vec<Stay> {
        let Some(thread) = self.of_request(request, replied) else {
            return Vec::new();
        };
        let mut stays = Vec::new();
        for did in thread.did.iter().filter(|did| did.what == Doing::Running) {
            let (from, to) = (did.from_us.max(started), did.to_us.min(replied));
            let length = did.to_us.saturating_sub(did.from_us);
            if to > from && did.ready_us > 0 && length > 0 {
                let ready = u128::from(did.ready_us.min(length)) * u128::from(to - from);
                let ready =
                    u64::try_from(ready / u128::from(length)).unwrap_or(to - from);
                stays.push(stay(Whereabouts::Processor, to - ready, to));
            }
        }
        let total: u64 = stays.iter().map(|one| one.to - one.from).sum();
        // A little of it belongs to every service.
        if total * 10 < replied.saturating_sub(started) {
            stays.clear();
        }
        stays
    }
}

fn place(did: &Did) -> Whereabouts {
    let length = did.to_us.saturating_sub(did.from_us);
    match did.what {
        Doing::Futex => Whereabouts::Lock,
        Doing::Running if length > 0 && did.ready_us * 2 >= length => {
            Whereabouts::Processor
        }
        _ => Whereabouts::Unknown,
    }
}
