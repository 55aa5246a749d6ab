//! What was seen of a server, as tracks: one for each of its threads, one for each place
//! in which clients waited, and its numbers over time.

use serde_json::json;

use super::Event;
use crate::{
    record::{Did, Observed, ServerRun, Thread},
    whereabouts,
};

/// The tracks of threads stand behind those of clients, and those of places behind them.
const THREADS: usize = 100_000;
const PLACES: usize = 200_000;

pub(super) fn events(pid: usize, server: &ServerRun) -> Vec<Event> {
    let Some(observed) = &server.observed else {
        return Vec::new();
    };
    let mut events = counters(pid, observed);
    for (index, thread) in observed.threads.iter().enumerate() {
        let place = (pid, THREADS + index);
        events.push(named(place, &format!("thread {}", thread.name)));
        events.extend(
            thread
                .did
                .iter()
                .filter_map(|did| slice(place, thread, did)),
        );
    }
    events.extend(places(pid, server));
    events
}

fn named(place: (usize, usize), name: &str) -> Event {
    Event {
        args: json!({ "name": name }),
        ..Event::new("M", place, "thread_name")
    }
}

fn slice(place: (usize, usize), thread: &Thread, did: &Did) -> Option<Event> {
    let length = did
        .to_us
        .checked_sub(did.from_us)
        .filter(|length| *length > 0)?;
    Some(Event {
        ts: Some(did.from_us),
        dur: Some(length),
        args: json!({ "id": thread.id, "client": did.client, "ready_us": did.ready_us }),
        ..Event::new("X", place, did.what.name())
    })
}

fn counters(pid: usize, observed: &Observed) -> Vec<Event> {
    let mut events = Vec::new();
    for count in &observed.counts {
        for (name, value) in [("threads", count.threads), ("backlog", count.backlog)] {
            if let Some(value) = value {
                events.push(Event {
                    ts: Some(count.at_us),
                    args: json!({ name: value }),
                    ..Event::new("C", (pid, 0), name)
                });
            }
        }
    }
    events
}

/// Where each request was: one track for each client, so that no two slices of one
/// overlap.
fn places(pid: usize, server: &ServerRun) -> Vec<Event> {
    let mut stays = whereabouts::of(server).into_iter();
    let mut events = Vec::new();
    for (index, connection) in server.connections.iter().enumerate() {
        let place = (pid, PLACES + index);
        let mut slices = Vec::new();
        let mut free = 0;
        for request in &connection.requests {
            for stay in stays.next().unwrap_or_default() {
                let from = stay.from.max(free);
                if stay.to > from {
                    slices.push(Event {
                        ts: Some(from),
                        dur: Some(stay.to - from),
                        args: json!({ "request": request.id }),
                        ..Event::new("X", place, stay.at.phrase())
                    });
                    free = stay.to;
                }
            }
        }
        if !slices.is_empty() {
            events.push(named(place, &format!("{} waits", connection.client)));
            events.extend(slices);
        }
    }
    events
}
