//! The processes below a process, and their end.

use std::{collections::BTreeSet, fs};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Kills every process below `top`, and their groups as a whole: nothing escapes a signal
/// to its group by forking. The group of `top` itself is spared.
pub(crate) fn kill_below(top: Pid) {
    let own_group = Entry::of(top).map(|entry| entry.group);
    let below = below(top);
    let groups = below.iter().filter_map(|pid| Some(Entry::of(*pid)?.group));
    let groups: BTreeSet<i32> =
        groups.filter(|group| Some(*group) != own_group).collect();
    for group in groups.into_iter().filter_map(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    for pid in below {
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// The children of `top`, their children, and so on, a parent before its children.
pub(crate) fn below(top: Pid) -> Vec<Pid> {
    below_at_most(top, usize::MAX)
}

/// The same, and no more of them than `most`.
pub(crate) fn below_at_most(top: Pid, most: usize) -> Vec<Pid> {
    let mut found = children(top);
    let mut next = 0;
    while let Some(parent) = found.get(next).filter(|_| found.len() < most) {
        let more = children(*parent);
        found.extend(more);
        next += 1;
    }
    found.truncate(most);
    found
}

/// The processes whose parent is `parent`.
pub(crate) fn children(parent: Pid) -> Vec<Pid> {
    let threads = fs::read_dir(format!("/proc/{}/task", parent.as_raw_nonzero()));
    let threads = threads.into_iter().flatten().flatten();
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")));
    let lists: String = lists.flatten().collect();
    let pids = lists.split_whitespace().filter_map(|pid| pid.parse().ok());
    pids.filter_map(Pid::from_raw).collect()
}

/// What the system's list of processes says of one.
pub(crate) struct Entry {
    /// Whether it has ended, although nobody has waited for it yet.
    pub(crate) is_dead: bool,
    /// Its process group; 0 where that belongs to another namespace.
    pub(crate) group: i32,
    /// Its session; 0 as well.
    pub(crate) session: i32,
}

impl Entry {
    /// None once it is gone.
    pub(crate) fn of(pid: Pid) -> Option<Self> {
        let stat = fs::read(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
        // A program's name may hold anything, and stands in parentheses.
        let stat = String::from_utf8_lossy(&stat);
        let (_, after_name) = stat.rsplit_once(") ")?;
        let mut fields = after_name.split(' ');
        let state = fields.next()?;
        let mut numbers = fields.skip(1).map(str::parse);
        Some(Self {
            is_dead: matches!(state, "Z" | "X"),
            group: numbers.next()?.ok()?,
            session: numbers.next()?.ok()?,
        })
    }
}
