//! MEET: a rendezvous of N clients.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};

use proto::Reply;

use crate::lock;

const TIMEOUT: Duration = Duration::from_secs(5);

/// The meetings that wait for more clients, by the number of clients they are for.
#[derive(Debug, Default)]
pub(crate) struct Meetings(Mutex<HashMap<usize, Arc<Meeting>>>);

#[derive(Debug)]
struct Meeting {
    came: Mutex<usize>,
    full: Condvar,
    ends_at: Instant,
}

impl Meetings {
    /// Waits until `clients` stand here, or the time of the first of them is up.
    pub(crate) fn join(&self, clients: usize) -> Reply {
        let meeting = self.enter(clients);
        let mut came = lock(&meeting.came);
        while *came < clients {
            let left = meeting.ends_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = meeting.full.wait_timeout(came, left);
            came = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if *came == clients {
            return Reply::Simple(b"MET".to_vec());
        }
        Reply::error(format!("TIMEOUT only {came} of {clients} clients met"))
    }

    fn enter(&self, clients: usize) -> Arc<Meeting> {
        let mut open = lock(&self.0);
        let now = Instant::now();
        let begin = || {
            let (came, full, ends_at) = (Mutex::default(), Condvar::new(), now + TIMEOUT);
            Arc::new(Meeting {
                came,
                full,
                ends_at,
            })
        };
        let meeting = open.entry(clients).or_insert_with(begin);
        if meeting.ends_at <= now {
            *meeting = begin();
        }
        let meeting = Arc::clone(meeting);
        let mut came = lock(&meeting.came);
        *came += 1;
        if *came == clients {
            open.remove(&clients);
            meeting.full.notify_all();
        }
        drop(came);
        meeting
    }
}
