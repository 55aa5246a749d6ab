//! SIGINT, SIGTERM and SIGHUP: the servers are ended before the grader is.

use std::{
    io::Read,
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use grader::Registry;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag, low_level,
};

/// Watches for signals while a grading runs.
#[derive(Debug)]
pub(crate) struct Interrupt<'r> {
    registry: &'r Registry,
    latest: Arc<AtomicUsize>,
}

impl<'r> Interrupt<'r> {
    pub(crate) fn watch(registry: &'r Registry) -> Self {
        Self {
            registry,
            latest: Arc::default(),
        }
    }

    /// Does `work`; a signal that comes meanwhile ends all servers, and so ends it soon.
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let Ok((mut arrivals, pipe)) = UnixStream::pair() else {
            return work(); // signals then do what they do by default
        };
        for (signal, number) in [(SIGINT, 2), (SIGTERM, 15), (SIGHUP, 1)] {
            // A signal that cannot be caught ends the grader alone, as it does by default.
            let _ = flag::register_usize(signal, Arc::clone(&self.latest), number);
            let _ = pipe
                .try_clone()
                .and_then(|pipe| low_level::pipe::register(signal, pipe));
        }
        thread::scope(|scope| {
            let wait = move || {
                if matches!(arrivals.read(&mut [0]), Ok(1)) {
                    self.registry.close();
                }
            };
            let _ = thread::Builder::new().spawn_scoped(scope, wait);
            let done = work();
            let _ = pipe.shutdown(Shutdown::Both); // cannot fail on a pair
            done
        })
    }

    /// The number of the signal that came, if one did.
    pub(crate) fn signal(&self) -> Option<u8> {
        u8::try_from(self.latest.load(SeqCst))
            .ok()
            .filter(|signal| *signal > 0)
    }
}
