//! The record of a run that goes on: what the clients have queued is written into it.

use std::sync::mpsc::{self, Receiver};

use timeline::record::{Run, ServerRun};

use super::run_log::{Entry, RunLog};

/// The record of a run that goes on, as far as it is written.
pub struct Recording {
    run: Run,
    run_log: RunLog,
    entries: Receiver<Entry>,
}

impl Recording {
    /// Starts from a run that has not begun: all requests, none sent.
    #[must_use]
    pub fn new(run: Run) -> Self {
        let (sender, entries) = mpsc::channel();
        Self {
            run,
            run_log: RunLog::new(sender),
            entries,
        }
    }

    /// The record, once the run is over.
    #[must_use]
    pub fn into_run(mut self) -> Run {
        self.catch_up();
        self.run
    }

    /// Whether its servers are looked at while they are played.
    pub(super) fn is_observed(&self) -> bool {
        self.run
            .servers
            .iter()
            .any(|server| server.observed.is_some())
    }

    /// The clients' side, and the side of the one who looks on.
    pub(super) fn sides(&mut self) -> (&RunLog, Progress<'_>) {
        let Self {
            run,
            run_log,
            entries,
        } = self;
        let progress = Progress {
            run,
            entries,
            run_log,
        };
        (run_log, progress)
    }

    fn catch_up(&mut self) {
        self.sides().1.catch_up();
    }
}

/// What the one who looks on sees of a run.
pub(super) struct Progress<'a> {
    run: &'a mut Run,
    entries: &'a Receiver<Entry>,
    run_log: &'a RunLog,
}

impl Progress<'_> {
    /// What is known so far, and the moment of it in microseconds.
    pub(super) fn catch_up(&mut self) -> (&Run, u64) {
        let now = self.run_log.now();
        for entry in self.entries.try_iter() {
            if let Some(server) = self.run.servers.get_mut(entry.server) {
                (entry.change)(server);
            }
        }
        (self.run, now)
    }

    /// Writes into the record of one server.
    pub(super) fn write(&mut self, server: usize, change: impl FnOnce(&mut ServerRun)) {
        if let Some(server) = self.run.servers.get_mut(server) {
            change(server);
        }
    }
}
