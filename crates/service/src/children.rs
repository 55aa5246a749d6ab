//! The process groups of commands that run, so that a stop can end them.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::lock::lock;

/// The groups that are alive: entered when a child starts, left before it is reaped, so that
/// no signal reaches a stranger to whom the number was given again.
#[derive(Debug, Default)]
pub(crate) struct Children {
    groups: Mutex<HashSet<Pid>>,
}

impl Children {
    pub(crate) fn enter(&self, group: Pid) {
        lock(&self.groups).insert(group);
    }

    /// Kills what is left of the group, whose leader is not reaped yet.
    pub(crate) fn leave(&self, group: Pid) {
        let mut groups = lock(&self.groups);
        let _ = kill_process_group(group, Signal::KILL); // most groups are empty by now
        groups.remove(&group);
    }

    /// Kills all groups. As long as the guard is held, no request whose command was killed
    /// here goes on to its reply.
    pub(crate) fn kill_all(&self) -> MutexGuard<'_, HashSet<Pid>> {
        let groups = lock(&self.groups);
        for group in groups.iter() {
            let _ = kill_process_group(*group, Signal::KILL); // it may have just ended
        }
        groups
    }
}
