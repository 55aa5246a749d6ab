//! Who is connected: a limited number at once, each counted in and out.

use std::{
    collections::HashMap,
    net::{Shutdown, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use crate::lock::lock;

/// Descriptors of a program that runs.
const PIPES: usize = 2;

/// The connections that are open.
#[derive(Debug)]
pub(crate) struct Places {
    most: usize,
    /// Descriptors for clients and their programs, where there is a limit.
    descriptors: Option<u64>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<u64, Arc<TcpStream>>,
    /// Places kept for clients that are just accepted.
    kept: usize,
    /// Programs that clients run.
    programs: usize,
    accepted: u64,
    closed: u64,
    shut: bool,
}

/// A place for the next client: several threads may accept, and not let in more than one
/// may.
#[derive(Debug)]
pub(crate) struct Kept<'a> {
    places: &'a Places,
}

/// A client's program that runs; dropping it makes room for other clients.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    places: &'a Places,
}

/// One connection's place; dropping it makes room for the next.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    places: &'a Places,
    /// Counts from 1 in the order of arrival.
    pub(crate) number: u64,
}

impl Places {
    pub(crate) fn new(most: usize, descriptors: Option<u64>) -> Self {
        Self {
            most,
            descriptors,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Waits until there is room for one more, and keeps it; none once the doors are
    /// shut.
    pub(crate) fn wait_for_room(&self) -> Option<Kept<'_>> {
        let state = lock(&self.state);
        let is_full = |state: &mut State| self.has_no_room(state) && !state.shut;
        let waited = self.changed.wait_while(state, is_full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        (!state.shut).then(|| {
            state.kept += 1;
            Kept { places: self }
        })
    }

    /// Whether a client that comes now has to wait.
    pub(crate) fn is_full(&self) -> bool {
        self.has_no_room(&lock(&self.state))
    }

    /// Counts a program that a client runs: its pipes take the room of other clients.
    pub(crate) fn run_program(&self) -> Running<'_> {
        lock(&self.state).programs += 1;
        Running { places: self }
    }

    fn has_no_room(&self, state: &State) -> bool {
        let clients = state.open.len() + state.kept;
        let descriptors = (clients + PIPES * state.programs) as u64;
        clients >= self.most || self.descriptors.is_some_and(|most| descriptors >= most)
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

    /// Lets nobody in any more, and shuts the read side of all who are in: what has
    /// arrived can still be read, and then the stream is at its end.
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

impl<'a> Kept<'a> {
    /// Takes the place, unless the doors are shut.
    pub(crate) fn enter(self, stream: &Arc<TcpStream>) -> Option<Place<'a>> {
        self.places.enter(stream)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.places.state).programs -= 1;
        self.places.changed.notify_all();
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        lock(&self.places.state).kept -= 1;
        self.places.changed.notify_one();
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

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use super::*;

    #[test]
    fn several_threads_that_accept_keep_no_more_places_than_there_are() {
        let places = Places::new(1, None);
        let first = places.wait_for_room().unwrap();
        assert!(places.is_full(), "the place is kept before a client is in");
        thread::scope(|scope| {
            let (tell, told) = mpsc::channel();
            let places = &places;
            let accept = move || tell.send(places.wait_for_room().is_some()).unwrap();
            thread::Builder::new().spawn_scoped(scope, accept).unwrap();
            drop(first);
            assert!(
                told.recv().unwrap(),
                "a place that was given back is kept again"
            );
        });
        assert!(!places.is_full());
    }
}
