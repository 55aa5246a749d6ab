//! Whether the server must stop, and waits that end early: at a stop, and a SLEEP also
//! if its client has reset the connection.

use std::{
    io,
    net::TcpStream,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    sync::{Condvar, Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::lock::lock;

/// The end of a sleep, which is slept to the point and by itself.
const LAST: Duration = Duration::from_millis(20);

/// The server's stop signal.
///
/// After [`begin`](Self::begin) running requests may go on until
/// [`cut_at`](Self::cut_at); what still runs then answers that the server is stopping.
#[derive(Debug)]
pub(crate) struct Stopping {
    grace: Duration,
    cut_at: OnceLock<Instant>,
    sleepers: Mutex<()>,
    begun: Condvar,
    /// Readable once the stop has begun, for those who wait in `poll`.
    signal: UnixStream,
    trigger: UnixStream,
}

/// The server stopped before the wait was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut;

/// Why a sleep ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    Cut,
    ClientGone,
}

impl Stopping {
    pub(crate) fn new(grace: Duration) -> io::Result<Self> {
        let (signal, trigger) = UnixStream::pair()?;
        Ok(Self {
            grace,
            cut_at: OnceLock::new(),
            sleepers: Mutex::new(()),
            begun: Condvar::new(),
            signal,
            trigger,
        })
    }

    pub(crate) fn begin(&self) {
        let _guard = lock(&self.sleepers);
        self.cut_at.get_or_init(|| Instant::now() + self.grace);
        self.begun.notify_all();
        let _ = self.trigger.shutdown(std::net::Shutdown::Both); // cannot fail on a pair
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.cut_at.get().is_some()
    }

    /// When running requests are cut, once a stop has begun.
    pub(crate) fn cut_at(&self) -> Option<Instant> {
        self.cut_at.get().copied()
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.cut_at().is_some_and(|cut_at| cut_at <= Instant::now())
    }

    /// Readable once the stop has begun.
    pub(crate) fn signal(&self) -> BorrowedFd<'_> {
        self.signal.as_fd()
    }

    /// Sleeps until `wake_at`, until the stop cuts it, or until the client has reset the
    /// connection.
    pub(crate) fn sleep_for(
        &self,
        client: &TcpStream,
        wake_at: Instant,
    ) -> Result<(), Woken> {
        loop {
            let now = Instant::now();
            if wake_at <= now {
                return Ok(());
            }
            // Asked for once: a stop that begins after this must wake the poll.
            let cut_at = self.cut_at();
            let end = cut_at.map_or(wake_at, |cut_at| cut_at.min(wake_at));
            if end <= now {
                return Err(Woken::Cut);
            }
            let left = end - now;
            if left <= LAST {
                thread::sleep(left);
                continue;
            }
            let mut sources = [
                PollFd::new(client, PollFlags::empty()),
                PollFd::new(&self.signal, PollFlags::IN),
            ];
            let awaited = if cut_at.is_some() { 1 } else { 2 };
            let sources = sources.get_mut(..awaited).unwrap_or_default();
            // The system may end a poll late by a thousandth of its length.
            let most = Timespec::try_from(left - left / 512).ok();
            let _ = poll(sources, most.as_ref()); // the loop looks at what it was
            // Errors are always reported.
            let client = sources.first();
            if client.is_some_and(|client| !client.revents().is_empty()) {
                return Err(Woken::ClientGone);
            }
        }
    }

    /// Sleeps until `wake_at`, or until the stop cuts it.
    pub(crate) fn sleep_until(&self, wake_at: Instant) -> Result<(), Cut> {
        let mut guard = lock(&self.sleepers);
        loop {
            let now = Instant::now();
            if wake_at <= now {
                return Ok(());
            }
            let end = self.cut_at().map_or(wake_at, |cut_at| cut_at.min(wake_at));
            if end <= now {
                return Err(Cut);
            }
            let waited = self.begun.wait_timeout(guard, end - now);
            guard = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Stopping, Woken};
    use std::{
        net::{TcpListener, TcpStream},
        sync::Barrier,
        thread,
        time::{Duration, Instant},
    };

    #[test]
    fn a_stop_at_any_moment_cuts_a_sleep() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        for round in 0..2_000 {
            let stopping = Stopping::new(Duration::ZERO).unwrap();
            let begun = Barrier::new(2);
            thread::scope(|scope| {
                let stop = || {
                    begun.wait();
                    (0..round % 500).for_each(|_| std::hint::spin_loop());
                    stopping.begin();
                };
                let stop = thread::Builder::new().spawn_scoped(scope, stop);
                begun.wait();
                let long = Duration::from_secs(20);
                let asleep_at = Instant::now();
                let slept = stopping.sleep_for(&client, asleep_at + long);
                assert_eq!(slept, Err(Woken::Cut), "round {round}");
                // One that the stop missed looks again when its time is over.
                assert!(asleep_at.elapsed() < long / 2, "round {round}");
                stop.unwrap().join().unwrap();
            });
        }
    }
}
