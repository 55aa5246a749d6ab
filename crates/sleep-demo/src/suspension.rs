//! Ctrl-Z: the terminal is given back before the process stops, and a run that goes on is
//! marked.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use signal_hook::{
    SigId,
    consts::{SIGCONT, SIGTSTP},
    flag,
    low_level::{emulate_default_handler, unregister},
};

/// Whether the terminal's user asked this process to stop for a while.
///
/// The default one catches nothing, so that Ctrl-Z stops the process at once.
#[derive(Debug, Default)]
pub(crate) struct Suspension {
    asked: Arc<AtomicBool>,
    /// Nothing is drawn: there is nothing to put back first.
    at_once: Arc<AtomicBool>,
}

impl Suspension {
    /// Catches SIGTSTP from now on.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses a handler.
    pub(crate) fn catch() -> io::Result<Self> {
        let suspension = Self {
            asked: Arc::default(),
            at_once: Arc::new(AtomicBool::new(true)),
        };
        let at_once = Arc::clone(&suspension.at_once);
        flag::register_conditional_default(SIGTSTP, at_once)?;
        flag::register(SIGTSTP, Arc::clone(&suspension.asked))?;
        Ok(suspension)
    }

    /// From now on the caller looks after [`is_asked`](Self::is_asked), or no longer
    /// does.
    pub(crate) fn is_looked_after(&self, is_looked_after: bool) {
        // A stop at once has set it, too.
        self.asked.store(false, Relaxed);
        self.at_once.store(!is_looked_after, Relaxed);
    }

    /// Whether the process should stop as soon as the terminal is as it was.
    pub(crate) fn is_asked(&self) -> bool {
        self.asked.load(Relaxed)
    }

    /// Stops the process until it is continued.
    pub(crate) fn stop(&self) {
        // A system that cannot stop it lets it go on, as it would without job control.
        let _ = emulate_default_handler(SIGTSTP);
        self.asked.store(false, Relaxed);
    }
}

/// Whether this process was stopped and continued, by Ctrl-Z or another signal.
#[derive(Debug)]
pub(crate) struct Continued {
    is_continued: Arc<AtomicBool>,
    handler: SigId,
}

impl Continued {
    /// Looks out for it from now on, until it is dropped.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses a handler.
    pub(crate) fn catch() -> io::Result<Self> {
        let is_continued = Arc::default();
        let handler = flag::register(SIGCONT, Arc::clone(&is_continued))?;
        Ok(Self {
            is_continued,
            handler,
        })
    }

    /// Whether it was continued since this was asked last.
    pub(crate) fn take(&self) -> bool {
        self.is_continued.swap(false, Relaxed)
    }
}

impl Drop for Continued {
    fn drop(&mut self) {
        unregister(self.handler);
    }
}
