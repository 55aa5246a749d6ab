//! Who stands in MEET, by the number of clients they wait for.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    lock::lock,
    stopping::{Cut, Stopping},
};

/// The meetings that have begun.
#[derive(Debug)]
pub(crate) struct Meetings {
    timeout: Duration,
    open: Mutex<HashMap<usize, Meeting>>,
    changed: Condvar,
}

/// A meeting whose clients have not all come; its timer started with the first.
#[derive(Clone, Debug)]
struct Meeting {
    came: usize,
    ends_at: Instant,
    ended: Arc<OnceLock<Ended>>,
}

/// How a meeting ended, the same for all who stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Met,
    TimedOut { came: usize },
}

impl Meetings {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            open: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Joins the meeting of `clients` and waits for its end.
    pub(crate) fn join(&self, clients: usize, stopping: &Stopping) -> Result<Ended, Cut> {
        let mut open = lock(&self.open);
        let meeting = open.entry(clients).or_insert_with(|| Meeting {
            came: 0,
            ends_at: Instant::now() + self.timeout,
            ended: Arc::default(),
        });
        meeting.came += 1;
        let Meeting {
            came,
            ends_at,
            ended,
        } = meeting.clone();
        if came == clients {
            open.remove(&clients);
            return Ok(self.end(&ended, Ended::Met));
        }
        loop {
            if let Some(ended) = ended.get() {
                return Ok(*ended);
            }
            if stopping.is_cut() {
                return Err(Cut);
            }
            let now = Instant::now();
            if ends_at <= now {
                let came = open.remove(&clients).map_or(came, |meeting| meeting.came);
                return Ok(self.end(&ended, Ended::TimedOut { came }));
            }
            let wake_at = stopping
                .cut_at()
                .map_or(ends_at, |cut_at| cut_at.min(ends_at));
            let waited = self
                .changed
                .wait_timeout(open, wake_at.saturating_duration_since(now));
            open = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets all who wait look at the stop signal.
    pub(crate) fn wake(&self) {
        let _guard = lock(&self.open);
        self.changed.notify_all();
    }

    fn end(&self, ended: &OnceLock<Ended>, how: Ended) -> Ended {
        self.changed.notify_all();
        *ended.get_or_init(|| how)
    }
}
