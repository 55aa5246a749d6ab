//! A fixed number of places: a counting semaphore.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::lock;

/// How many places are free. A thread that takes one waits until there is one.
#[derive(Debug)]
pub struct Places {
    free: Mutex<usize>,
    given_back: Condvar,
}

impl Places {
    /// This number of places, all of them free.
    #[must_use]
    pub const fn new(free: usize) -> Self {
        Self {
            free: Mutex::new(free),
            given_back: Condvar::new(),
        }
    }

    /// Waits for a place, and takes it.
    pub fn take(&self) {
        let free = self
            .given_back
            .wait_while(lock(&self.free), |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
    }

    /// Gives a place back.
    pub fn give_back(&self) {
        *lock(&self.free) += 1;
        self.given_back.notify_one();
    }
}
