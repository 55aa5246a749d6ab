//! The clock that the clients share, and where they write what happened.
//!
//! A client waits for nobody when it takes the time or writes: its entries are queued for
//! the one who draws, so that no request is sent later because a chart is drawn.

use std::{
    collections::HashMap,
    net::{Shutdown, TcpStream},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::Sender,
    },
    time::{Duration, Instant},
};

use launch::Ends;
use timeline::record::{Connection, ServerRun};

use super::observing;

/// What is written: a change of a server's record.
pub(super) struct Entry {
    pub(super) server: usize,
    pub(super) change: Box<dyn FnOnce(&mut ServerRun) + Send>,
}

/// The clients' side of a run that goes on.
#[derive(Debug)]
pub(super) struct RunLog {
    made: Instant,
    /// Time 0 of the run, in microseconds since `made`.
    start_us: AtomicU64,
    entries: Sender<Entry>,
    state: Mutex<State>,
    aborted: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_aborted: bool,
    streams: HashMap<(usize, usize), TcpStream>,
}

impl RunLog {
    pub(super) fn new(entries: Sender<Entry>) -> Self {
        Self {
            made: Instant::now(),
            start_us: AtomicU64::new(0),
            entries,
            state: Mutex::default(),
            aborted: Condvar::new(),
        }
    }

    /// Time 0 is now.
    pub(super) fn start(&self) {
        self.lock().streams.clear();
        let now = micros(self.made.elapsed());
        self.start_us.store(now, Ordering::Release);
    }

    /// Now, in microseconds from the start.
    pub(super) fn now(&self) -> u64 {
        let start = self.start_us.load(Ordering::Acquire);
        micros(self.made.elapsed()).saturating_sub(start)
    }

    /// Waits for a moment of the run; `false` when the run is aborted before.
    pub(super) fn wait_until(&self, moment: Duration) -> bool {
        let moment = micros(moment);
        let mut state = self.lock();
        loop {
            let left = Duration::from_micros(moment.saturating_sub(self.now()));
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

    /// Ends the run: each client that waits for a moment or a reply goes on at once.
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
        self.write(server, client, move |connection| {
            connection.closed_us = Some(now);
        });
        self.lock().streams.remove(&(server, client));
    }

    /// Writes into one connection's record.
    pub(super) fn write(
        &self,
        server: usize,
        client: usize,
        change: impl FnOnce(&mut Connection) + Send + 'static,
    ) {
        self.write_server(server, move |server| {
            if let Some(connection) = server.connections.get_mut(client) {
                change(connection);
            }
        });
    }

    /// Writes into one server's record.
    pub(super) fn write_server(
        &self,
        server: usize,
        change: impl FnOnce(&mut ServerRun) + Send + 'static,
    ) {
        let change = Box::new(change);
        // The recording, which owns the other end, outlives every client.
        let _ = self.entries.send(Entry { server, change });
    }

    /// The ends of a server's open connections, with the index of the client of each.
    pub(super) fn ends(&self, server: usize) -> Vec<(usize, Ends)> {
        let state = self.lock();
        let ours = state.streams.iter().filter(|((of, _), _)| *of == server);
        let ends = ours.filter_map(|((_, client), stream)| {
            Some((*client, observing::ends(stream)?))
        });
        ends.collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::Recording;
    use timeline::record::{Connection, Run, ServerRun};

    #[test]
    fn a_client_waits_for_nobody_when_it_takes_the_time_and_writes() {
        let server = ServerRun {
            connections: vec![Connection::default()],
            ..ServerRun::default()
        };
        let servers = vec![server];
        let mut recording = Recording::new(Run {
            servers,
            ..Run::default()
        });
        {
            let (run_log, _progress) = recording.sides();
            let _lock = run_log.lock(); // who takes it now waits for ever
            let now = run_log.now();
            run_log.write(0, 0, move |connection| connection.opened_us = Some(now));
        }
        let run = recording.into_run();
        assert!(run.servers[0].connections[0].opened_us.is_some());
    }
}
