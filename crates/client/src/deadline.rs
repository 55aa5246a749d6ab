//! The moment by which an operation must be done, however many reads and writes it takes.

use std::{
    io,
    time::{Duration, Instant},
};

/// A deadline for one operation. A timeout of each read alone would start anew with every
/// byte that drips in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Now and `timeout`; never, if the clock cannot hold it.
    pub(crate) fn after(timeout: Duration) -> Self {
        Self(Instant::now().checked_add(timeout))
    }

    /// The time left for the next read or write, as sockets take it.
    pub(crate) fn left(self) -> io::Result<Option<Duration>> {
        let Some(deadline) = self.0 else {
            return Ok(None);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(Some(left))
    }
}
