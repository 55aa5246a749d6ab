//! What the clients write into while a run goes on, and the clock that they share.

use std::{
    collections::HashMap,
    net::{Shutdown, TcpStream},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use timeline::record::{Connection, Run};

/// The record of a run that goes on.
#[derive(Debug)]
pub struct Journal {
    state: Mutex<State>,
    aborted: Condvar,
}

#[derive(Debug)]
struct State {
    run: Run,
    start: Instant,
    is_aborted: bool,
    streams: HashMap<(usize, usize), TcpStream>,
}

impl Journal {
    /// A journal that starts from a [`blank`](super::blank) record.
    #[must_use]
    pub fn new(run: Run) -> Self {
        Self {
            state: Mutex::new(State {
                run,
                start: Instant::now(),
                is_aborted: false,
                streams: HashMap::new(),
            }),
            aborted: Condvar::new(),
        }
    }

    /// Time 0 is now.
    pub(super) fn start(&self) {
        let mut state = self.lock();
        state.start = Instant::now();
        state.streams.clear();
    }

    /// What is known so far, and the moment of it in microseconds.
    #[must_use]
    pub fn snapshot(&self) -> (Run, u64) {
        let state = self.lock();
        (state.run.clone(), micros(state.start.elapsed()))
    }

    /// The record, once the run is over.
    #[must_use]
    pub fn into_run(self) -> Run {
        self.state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .run
    }

    /// Now, in microseconds from the start.
    pub(super) fn now(&self) -> u64 {
        micros(self.lock().start.elapsed())
    }

    /// Waits for a moment of the run; `false` when the run is aborted before.
    pub(super) fn wait_until(&self, moment: Duration) -> bool {
        let mut state = self.lock();
        loop {
            let left = moment.saturating_sub(state.start.elapsed());
            if left.is_zero() || state.is_aborted {
                return !state.is_aborted;
            }
            let waited = self.aborted.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.lock().is_aborted
    }

    /// Ends the run: whoever waits for a moment or a reply goes on at once.
    pub(super) fn abort(&self) {
        let mut state = self.lock();
        state.is_aborted = true;
        for (_, stream) in state.streams.drain() {
            // One that its server has closed already needs no shutting.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.aborted.notify_all();
    }

    /// Remembers a connection, so that [`abort`](Self::abort) reaches it.
    pub(super) fn keep(&self, server: usize, client: usize, stream: &TcpStream) {
        if let Ok(stream) = stream.try_clone() {
            self.lock().streams.insert((server, client), stream);
        }
    }

    /// Stamps the moment before a connection closes, and lets go of it.
    pub(super) fn close(&self, server: usize, client: usize) {
        let now = self.now();
        self.write(server, client, |connection| {
            connection.closed_us = Some(now)
        });
        self.lock().streams.remove(&(server, client));
    }

    /// Writes into one connection's record.
    pub(super) fn write(
        &self,
        server: usize,
        client: usize,
        change: impl FnOnce(&mut Connection),
    ) {
        let mut state = self.lock();
        let server = state.run.servers.get_mut(server);
        if let Some(connection) = server.and_then(|one| one.connections.get_mut(client)) {
            change(connection);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
