//! A SLEEP says itself how long it takes.

use std::time::Duration;

use proto::Request;

use super::requests::parsed;

/// How long a request sleeps, if it is a SLEEP.
pub(crate) fn sleep_of(request: &str) -> Option<Duration> {
    match parsed(request)? {
        Request::Sleep(duration) => Some(duration),
        _ => None,
    }
}
