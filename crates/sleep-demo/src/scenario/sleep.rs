//! A SLEEP says itself how long it takes.

use std::time::Duration;

/// How long a request sleeps, if it is a SLEEP.
pub(crate) fn sleep_of(request: &str) -> Option<Duration> {
    let arguments = proto::split_line(request.as_bytes()).ok()?;
    match proto::Request::parse(&arguments) {
        Ok(proto::Request::Sleep(duration)) => Some(duration),
        _ => None,
    }
}
