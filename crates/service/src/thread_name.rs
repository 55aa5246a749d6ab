//! Which thread this is, as the console, the log and TIMED name it.

use std::thread;

/// `main`, or the name of the client that the thread was spawned for.
pub(crate) fn thread_name() -> String {
    thread::current().name().unwrap_or("unnamed").to_owned()
}
