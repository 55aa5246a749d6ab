//! Which servers run now, so that an interrupted grading leaves none behind.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process_group};

/// The process groups of the servers that run now.
#[derive(Debug, Default)]
pub struct Registry(Mutex<Groups>);

#[derive(Debug, Default)]
struct Groups {
    running: BTreeSet<u32>,
    closed: bool,
}

/// One server's entry; dropping it takes the entry out.
#[derive(Debug)]
pub(crate) struct Registered<'r> {
    registry: &'r Registry,
    group: u32,
}

impl Registry {
    /// Kills every server that runs, and tells the checks to start no more.
    pub fn close(&self) {
        let mut groups = self.groups();
        groups.closed = true;
        for group in &groups.running {
            kill(*group);
        }
    }

    /// Whether the grading was interrupted.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.groups().closed
    }

    pub(crate) fn enter(&self, group: u32) -> Registered<'_> {
        let mut groups = self.groups();
        groups.running.insert(group);
        if groups.closed {
            kill(group);
        }
        Registered {
            registry: self,
            group,
        }
    }

    fn groups(&self) -> MutexGuard<'_, Groups> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.registry.groups().running.remove(&self.group);
    }
}

fn kill(group: u32) {
    if let Some(pid) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        // A group that has ended already is what is asked for.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}
