//! Ctrl-C and similar signals: a program that starts servers notices them, and so ends
//! them.

use std::{
    fs, io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
    flag,
};
use thiserror::Error;

/// How soon a signal is noticed.
const STEP: Duration = Duration::from_millis(50);

/// Whether this process has been asked to end. Clones know of the same signal; the
/// default one catches nothing, and so is never asked.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    signal: Arc<AtomicUsize>,
}

/// Occurs when a signal asked this process to end; holds the signal's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("stopped by signal {0}, and ended its servers")]
pub struct Interrupted(pub u8);

impl Interrupt {
    /// Catches SIGINT, SIGTERM, SIGHUP and SIGQUIT from now on, for as long as the
    /// process runs; the last two not where the starting program has them ignored, as
    /// `nohup` and a shell's `&` do.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses a handler.
    pub fn catch() -> io::Result<Self> {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            if matches!(signal, SIGHUP | SIGQUIT) && is_ignored(signal) {
                continue;
            }
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&interrupt.signal), number)?;
        }
        Ok(interrupt)
    }

    /// The number of the signal that came last, once one came.
    #[must_use]
    pub fn signal(&self) -> Option<u8> {
        let signal = self.signal.load(Relaxed);
        u8::try_from(signal).ok().filter(|signal| *signal > 0)
    }

    /// Goes on, unless a signal came.
    ///
    /// # Errors
    ///
    /// [`Interrupted`] once one came.
    pub fn check(&self) -> Result<(), Interrupted> {
        match self.signal() {
            None => Ok(()),
            Some(signal) => Err(Interrupted(signal)),
        }
    }

    /// Sleeps until `end`, or until a signal comes.
    ///
    /// # Errors
    ///
    /// [`Interrupted`] when one came.
    pub fn sleep_until(&self, end: Instant) -> Result<(), Interrupted> {
        loop {
            self.check()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(STEP));
        }
    }

    /// Does `work`, to its end. A signal that comes meanwhile has `end` called once, on
    /// another thread: it ends what `work` waits for.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses the thread; nothing is done then.
    pub fn during<T>(
        &self,
        end: impl FnOnce() + Send,
        work: impl FnOnce() -> T,
    ) -> io::Result<T> {
        let (working, is_over) = mpsc::channel::<()>();
        let watch = move || {
            while is_over.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
                if self.signal().is_some() {
                    return end();
                }
            }
        };
        thread::scope(|scope| {
            thread::Builder::new()
                .name("interrupt".to_owned())
                .spawn_scoped(scope, watch)?;
            let done = work();
            drop(working);
            Ok(done)
        })
    }
}

/// Whether the starting program has this process ignore a signal; no where only Linux
/// would say so.
pub(crate) fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bits = line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.unwrap_or_default() & (1 << (signal - 1)) != 0
}
