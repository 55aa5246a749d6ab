//! Stops a server's threads wherever they are, and lets them go on in another order, or
//! once something has happened.
//!
//! Two instructions that belong together are some nanoseconds apart. It takes long until
//! a thread loses its core just there; a stop, some thousand times a second, makes it
//! happen.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    pulse::State,
    running::{Running, signal},
};

/// Between two stops; the server has to get on meanwhile.
const PAUSE: Duration = Duration::from_micros(30);
/// A server that still owes replies then is left alone, so that it can be seen to sleep.
const LASTS: Duration = Duration::from_millis(500);
/// Looks at a server that is about to stop.
const LOOKS: usize = 50;

/// Does `work` while the server is stopped and let go on, again and again.
pub(crate) fn shaken<T>(running: &Running<'_>, work: impl FnOnce() -> T) -> T {
    let pids = running.pids();
    let is_over = AtomicBool::new(false);
    let shake = || {
        let start = Instant::now();
        while !is_over.load(Ordering::Relaxed) && start.elapsed() < LASTS {
            signal(&pids, Signal::STOP);
            signal(&pids, Signal::CONT);
            thread::sleep(PAUSE);
        }
    };
    thread::scope(|scope| {
        // Without a thread it is not shaken, and less is seen.
        let _ = thread::Builder::new().spawn_scoped(scope, shake);
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        done
    })
}

/// Does `work` while the server is stopped, if it can be.
pub(crate) fn while_stopped<T>(running: &Running<'_>, work: impl FnOnce() -> T) -> T {
    let pids = running.pids();
    signal(&pids, Signal::STOP);
    for _ in 0..LOOKS {
        if running.pulse().state() == State::Stopped {
            break;
        }
        thread::sleep(PAUSE);
    }
    let done = work();
    signal(&pids, Signal::CONT);
    done
}
