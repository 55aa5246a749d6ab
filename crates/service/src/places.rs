//! Who is connected: at most so many at once, each counted in and out.

use std::{
    collections::HashMap,
    net::{Shutdown, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use crate::lock::lock;

/// The connections that are open.
#[derive(Debug)]
pub(crate) struct Places {
    most: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<u64, Arc<TcpStream>>,
    accepted: u64,
    closed: u64,
    shut: bool,
}

/// One connection's place; dropping it makes room for the next.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    places: &'a Places,
    /// Counts from 1 in the order of arrival.
    pub(crate) number: u64,
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Waits until there is room for one more; `false` once the doors are shut.
    pub(crate) fn wait_for_room(&self) -> bool {
        let mut state = lock(&self.state);
        while state.open.len() >= self.most && !state.shut {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        !state.shut
    }

    /// Whether a client that comes now has to wait.
    pub(crate) fn is_full(&self) -> bool {
        lock(&self.state).open.len() >= self.most
    }

    /// Takes a place, unless the doors are shut.
    pub(crate) fn enter(&self, stream: &Arc<TcpStream>) -> Option<Place<'_>> {
        let mut state = lock(&self.state);
        if state.shut {
            return None;
        }
        state.accepted += 1;
        let number = state.accepted;
        state.open.insert(number, Arc::clone(stream));
        Some(Place {
            places: self,
            number,
        })
    }

    /// Whether more than one client is in.
    pub(crate) fn is_shared(&self) -> bool {
        lock(&self.state).open.len() > 1
    }

    /// Lets nobody in any more, and shuts the read side of all who are in: what has arrived
    /// can still be read, and then the stream is at its end.
    pub(crate) fn shut(&self) {
        let mut state = lock(&self.state);
        state.shut = true;
        for stream in state.open.values() {
            let _ = stream.shutdown(Shutdown::Read); // it may be gone already
        }
        self.changed.notify_all();
    }

    /// Ends every connection that is still open.
    pub(crate) fn cut(&self) {
        for stream in lock(&self.state).open.values() {
            let _ = stream.shutdown(Shutdown::Both); // it may be gone already
        }
    }

    /// How many connections were accepted, and how many of them are closed.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let state = lock(&self.state);
        (state.accepted, state.closed)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.places.state);
        state.open.remove(&self.number);
        state.closed += 1;
        self.places.changed.notify_one();
    }
}
