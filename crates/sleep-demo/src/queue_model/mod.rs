//! The queue model: predicts every wait from the arrivals, the service times and the
//! number of places, before anything is run.
//!
//! First come first served. A connection keeps its place until it closes, also while
//! its client pauses or holds. QUIT ends it: what its client sends after that is not
//! served. A pipelined request also waits for those before it. An event loop has no
//! places: see `event_loop.rs`. How long a request takes alone comes
//! from `crates/sleep-demo/src/play/calibration.rs`; nobody knows that of a MEET, so
//! that a run with one has no prediction.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use timeline::Places;

use crate::scenario::ClientSpec;

mod event_loop;

/// What the model says of one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prediction {
    /// One for each request up to a QUIT.
    pub requests: Vec<Visit>,
    /// When the client leaves.
    pub closed: Duration,
}

/// What the model says of one request. All times count from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// When it is sent.
    pub sent: Duration,
    /// When its service begins.
    pub started: Duration,
    /// When its reply is in.
    pub replied: Duration,
}

impl Visit {
    /// Between sending and service.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.started.saturating_sub(self.sent)
    }
}

/// Predicts every client, in the order given; `service` returns a request's service time.
///
/// `None` where a service time is not known.
pub fn predict(
    clients: &[ClientSpec],
    places: Places,
    service: impl Fn(&str) -> Option<Duration>,
) -> Option<Vec<Prediction>> {
    if places == Places::EVENT_LOOP {
        return event_loop::predict(clients, service);
    }
    let mut arrivals: Vec<usize> = (0..clients.len()).collect();
    arrivals.sort_by_key(|index| clients.get(*index).map(|client| client.at));
    let mut predictions = vec![Prediction::default(); clients.len()];
    let mut taken_until = BinaryHeap::new();
    for index in arrivals {
        let (Some(client), Some(prediction)) =
            (clients.get(index), predictions.get_mut(index))
        else {
            continue;
        };
        let mut place_free = client.at;
        if let Places::Limited(places) = places
            && taken_until.len() >= places
            && let Some(Reverse(earliest)) = taken_until.pop()
        {
            place_free = place_free.max(earliest);
        }
        *prediction = visit(client, place_free, &service)?;
        taken_until.push(Reverse(prediction.closed));
    }
    Some(predictions)
}

/// One client who gets a place at `place_free`.
fn visit(
    client: &ClientSpec,
    place_free: Duration,
    service: impl Fn(&str) -> Option<Duration>,
) -> Option<Prediction> {
    let mut requests = Vec::with_capacity(client.requests.len());
    let mut sent = client.at;
    let mut free = place_free;
    for request in up_to_quit(client) {
        let started = free.max(sent);
        let replied = started + service(request)?;
        requests.push(Visit {
            sent,
            started,
            replied,
        });
        free = replied;
        if !client.pipeline {
            sent = replied + client.read_delay + client.pause;
        }
    }
    let closed = match requests.last() {
        Some(last) if has_quit(client, requests.len()) => last.replied,
        Some(last) => last.replied + client.read_delay + client.hold,
        None => place_free.max(client.at + client.hold), // silent: it waits for nobody
    };
    Some(Prediction { requests, closed })
}

/// The requests that are served: the server closes after a QUIT.
fn up_to_quit(client: &ClientSpec) -> &[String] {
    let quit = client.requests.iter().position(|one| is_quit(one));
    let served = quit.and_then(|quit| client.requests.get(..=quit));
    served.unwrap_or(&client.requests)
}

/// Whether the last request that was served is a QUIT; `served` is how many were.
fn has_quit(client: &ClientSpec, served: usize) -> bool {
    let last = served
        .checked_sub(1)
        .and_then(|last| client.requests.get(last));
    last.is_some_and(|last| is_quit(last))
}

fn is_quit(request: &str) -> bool {
    request.trim().eq_ignore_ascii_case("QUIT")
}
