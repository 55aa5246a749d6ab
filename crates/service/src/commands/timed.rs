//! TIMED: does a request and says what it cost.

use std::{net::SocketAddr, time::Instant};

use proto::{Reply, Request, RequestError};

use super::{Outcome, carry_out};
use crate::{connection::Connection, shared::Shared, thread_name::thread_name};

/// Service time in microseconds, the thread that served, the request's own reply.
pub(super) fn timed(
    shared: &Shared,
    connection: &mut Connection,
    peer: SocketAddr,
    request: Result<Request, RequestError>,
) -> Outcome {
    let start = Instant::now();
    let outcome = carry_out(shared, connection, peer, request);
    cost(outcome, start)
}

/// Adds to an outcome what the request cost.
pub(crate) fn cost(outcome: Outcome, start: Instant) -> Outcome {
    let service_time = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
    let logged = Some(outcome.output());
    let cost = [Reply::Integer(service_time), Reply::text(&thread_name())];
    let reply = Reply::Array(cost.into_iter().chain([outcome.reply]).collect());
    Outcome {
        reply,
        logged,
        ..outcome
    }
}
