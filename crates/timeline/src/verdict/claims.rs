//! What a server says of its service times, held against what can be: the latency, the
//! same request alone, and the time that a SLEEP takes.

use super::blocked::LEAST_EXCESS_US;
use crate::record::{Request, ServerRun, is_one_of};

/// A SLEEP that claims less than its own time, by more than this and a hundredth: 1 ms.
const SHORT_US: u64 = 1_000;

/// The server's word, unless it is longer than the latency.
pub(crate) fn possible_service(request: &Request) -> Option<u64> {
    let latency = request.latency_us()?;
    // Both are cut to whole microseconds.
    let claimed = request.service_us.filter(|claimed| *claimed <= latency + 1);
    claimed.map(|claimed| claimed.min(latency))
}

/// How long the request takes alone, where that is known.
pub(crate) fn alone_us(request: &Request) -> Option<u64> {
    let did_not_sleep = request.is("SLEEP") && request.reply.as_deref() != Some("+OK");
    if request.has_failed() || did_not_sleep {
        return None; // refused: it did nothing of what takes time
    }
    const KNOWN: [&str; 8] = [
        "SLEEP", "RUN", "PRIMES", "INCR", "INCRBY", "PING", "ECHO", "GET",
    ];
    let modelled = || {
        let is_known = is_one_of(&request.request, &KNOWN);
        request.model.filter(|_| is_known)
    };
    request.alone_us.or_else(|| Some(modelled()?.service_us))
}

/// Whether this server serves the requests of one connection at the same time: a SLEEP
/// was answered sooner after the reply before it than it takes.
pub(crate) fn serves_side_by_side(server: &ServerRun) -> bool {
    server.connections.iter().any(|connection| {
        let replies = connection.sent().map(|request| request.replied_us);
        let sleeps = connection.sent().skip(1).zip(replies);
        let is_early = |(sleep, before): (&Request, Option<u64>)| {
            let alone = alone_us(sleep).filter(|_| sleep.is("SLEEP"))?;
            Some(before? + alone > sleep.replied_us? + LEAST_EXCESS_US)
        };
        sleeps.filter_map(is_early).any(|is_early| is_early)
    })
}

/// Whether this server answers a SLEEP before its time is over: then it is not known how
/// long one takes there.
pub(crate) fn cuts_sleeps(server: &ServerRun) -> bool {
    server.requests().any(|(_, request)| is_cut_short(request))
}

/// Whether a SLEEP was answered before its time was over.
pub(crate) fn is_cut_short(request: &Request) -> bool {
    is_too_short(request, request.latency_us())
}

/// Whether the server claims less for a SLEEP than it must have taken.
pub(crate) fn says_too_little(request: &Request) -> bool {
    is_too_short(request, possible_service(request))
}

/// Whether this is less than the time that a SLEEP asks for.
fn is_too_short(request: &Request, time: Option<u64>) -> bool {
    let both = time.zip(alone_us(request));
    request.is("SLEEP")
        && both.is_some_and(|(time, alone)| time + SHORT_US + alone / 100 < alone)
}
