//! Ctrl-C and its kin: noticed between two steps, so that every server is ended.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
};

use crate::error::Error;

/// How soon a signal is noticed.
const STEP: Duration = Duration::from_millis(50);

/// Whether the bench has been asked to end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Catches SIGINT, SIGTERM and SIGHUP from now on.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses a handler.
    pub fn catch() -> io::Result<Self> {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&interrupt.signal), number)?;
        }
        Ok(interrupt)
    }

    /// Goes on, unless a signal came.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`] once one came.
    pub fn check(&self) -> Result<(), Error> {
        match u8::try_from(self.signal.load(Relaxed)) {
            Ok(signal @ 1..) => Err(Error::Interrupted(signal)),
            _ => Ok(()),
        }
    }

    /// Sleeps until `end`, or until a signal comes.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`] when one came.
    pub fn sleep_until(&self, end: Instant) -> Result<(), Error> {
        loop {
            self.check()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(STEP));
        }
    }
}
