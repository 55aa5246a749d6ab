//! Threads that a test holds back, so that an observer has something to look at.

use std::{
    sync::{Condvar, Mutex},
    thread,
};

/// Closed until a test opens it.
#[derive(Default)]
pub(crate) struct Gate(Mutex<bool>, Condvar);

impl Gate {
    pub(crate) fn wait(&self) {
        let mut is_open = self.0.lock().unwrap();
        while !*is_open {
            is_open = self.1.wait(is_open).unwrap();
        }
    }

    pub(crate) fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }
}

/// A thread with a name and a small stack.
pub(crate) fn named<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let thread = thread::Builder::new()
        .name(name.to_owned())
        .stack_size(65_536);
    thread.spawn(work).unwrap()
}
