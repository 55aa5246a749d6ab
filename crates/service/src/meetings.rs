//! Who stands in MEET, by the number of clients they wait for.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Condvar, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    lock::lock,
    stopping::{Stopping, Woken},
};

/// How often a client that waits is looked at: it may have gone.
const GLANCE: Duration = Duration::from_secs(1);

/// The meetings that have begun.
#[derive(Debug)]
pub(crate) struct Meetings {
    timeout: Duration,
    open: Mutex<HashMap<usize, Meeting>>,
}

/// A meeting whose clients have not all come; its timer started with the first.
#[derive(Clone, Debug)]
struct Meeting {
    came: usize,
    ends_at: Instant,
    end: Arc<SharedEnd>,
}

/// Where the clients of one meeting wait for its end: those of another are not woken by
/// it.
#[derive(Debug, Default)]
struct SharedEnd {
    how: OnceLock<MeetingEnd>,
    changed: Condvar,
}

/// How a meeting ended, the same for all who stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeetingEnd {
    Met,
    TimedOut { came: usize },
}

impl Meetings {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            open: Mutex::default(),
        }
    }

    /// Joins the meeting of `clients` and waits for its end. A client that `is_gone`
    /// stands there no more.
    pub(crate) fn join(
        &self,
        clients: usize,
        stopping: &Stopping,
        is_gone: impl Fn() -> bool,
    ) -> Result<MeetingEnd, Woken> {
        let mut open = lock(&self.open);
        let meeting = open.entry(clients).or_insert_with(|| Meeting {
            came: 0,
            ends_at: Instant::now() + self.timeout,
            end: Arc::default(),
        });
        meeting.came += 1;
        let Meeting { came, ends_at, end } = meeting.clone();
        if came == clients {
            open.remove(&clients);
            return Ok(end.reach(MeetingEnd::Met));
        }
        loop {
            if let Some(ended) = end.how.get() {
                return Ok(*ended);
            }
            if stopping.is_cut() {
                return Err(Woken::Cut);
            }
            if is_gone() {
                leave(&mut open, clients);
                return Err(Woken::ClientGone);
            }
            let now = Instant::now();
            if ends_at <= now {
                let came = open.remove(&clients).map_or(came, |meeting| meeting.came);
                return Ok(end.reach(MeetingEnd::TimedOut { came }));
            }
            let wake_at = stopping
                .cut_at()
                .map_or(ends_at, |cut_at| cut_at.min(ends_at));
            let left = wake_at.saturating_duration_since(now);
            let waited = end.changed.wait_timeout(open, left.min(GLANCE));
            open = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets all who wait look at the stop signal.
    pub(crate) fn wake(&self) {
        for meeting in lock(&self.open).values() {
            meeting.end.changed.notify_all();
        }
    }
}

/// One client fewer stands in the meeting of `clients`.
fn leave(open: &mut HashMap<usize, Meeting>, clients: usize) {
    if let Entry::Occupied(mut meeting) = open.entry(clients) {
        meeting.get_mut().came -= 1;
        if meeting.get().came == 0 {
            meeting.remove();
        }
    }
}

impl SharedEnd {
    fn reach(&self, how: MeetingEnd) -> MeetingEnd {
        self.changed.notify_all();
        *self.how.get_or_init(|| how)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{fs, thread, time::Duration};

    use super::{MeetingEnd, Meetings};
    use crate::{lock::lock, stopping::Stopping};

    const OTHERS: usize = 50;
    const MEETINGS: usize = 500;

    #[test]
    fn a_meeting_wakes_nobody_who_waits_in_another() {
        let meetings = Meetings::new(Duration::from_secs(3600));
        let stopping = Stopping::new(Duration::ZERO).unwrap();
        thread::scope(|scope| {
            for clients in 2..OTHERS + 2 {
                let (meetings, stopping) = (&meetings, &stopping);
                let wait = move || meetings.join(clients, stopping, || false);
                let thread = thread::Builder::new().name("waits".to_owned());
                thread.spawn_scoped(scope, wait).unwrap();
            }
            // A thread that is counted has let go of the lock, that is: it waits.
            while lock(&meetings.open).len() < OTHERS {
                thread::yield_now();
            }
            let before = sleeps();
            for _ in 0..MEETINGS {
                assert_eq!(meetings.join(1, &stopping, || false), Ok(MeetingEnd::Met));
            }
            let woken = sleeps() - before;
            stopping.begin();
            meetings.wake();
            // Each may still have been about to fall asleep.
            assert!(woken <= OTHERS, "{MEETINGS} meetings of others: {woken}");
        });
    }

    /// How often the threads of this test have fallen asleep in all.
    fn sleeps() -> usize {
        let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
        let waiting = tasks.filter_map(|task| {
            let status = fs::read_to_string(task.ok()?.path().join("status")).ok()?;
            let field = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name));
                line.map(str::trim)
            };
            field("Name:").filter(|name| *name == "waits")?;
            field("voluntary_ctxt_switches:")?.parse::<usize>().ok()
        });
        waiting.sum()
    }
}
