//! Taking a lock whatever happened to the thread that held it before.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a lock that a panicking thread left behind is taken over, because one client's
/// panic must not end the service for the others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
