//! Which cores a server's threads and a check's thread run on.

use std::{
    fs,
    hash::{BuildHasher, RandomState},
};

use rustix::{
    process::Pid,
    thread::{CpuSet, sched_getaffinity, sched_setaffinity},
};

/// This thread and a server's, on cores that they don't share, until this is dropped; the
/// server stays where it is, because it is killed then.
#[derive(Debug)]
pub(crate) struct Apart {
    before: Option<CpuSet>,
}

impl Apart {
    /// Moves them apart, where there are two cores.
    pub(crate) fn from(server: &[Pid]) -> Self {
        let before = sched_getaffinity(None).ok();
        let cores = before
            .iter()
            .flat_map(|set| (0..CpuSet::MAX_CPU).filter(|core| set.is_set(*core)));
        let mut cores: Vec<_> = cores.collect();
        // Not the same two in each grading.
        let random = RandomState::new().hash_one(std::process::id());
        let turn = usize::try_from(random % 1024).unwrap_or_default();
        let count = cores.len().max(1);
        cores.rotate_left(turn % count);
        if let [ours, theirs, ..] = cores[..] {
            for thread in server.iter().flat_map(|pid| threads(*pid)) {
                move_to(Some(thread), theirs);
            }
            move_to(None, ours);
        }
        Self { before }
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = sched_setaffinity(None, before);
        }
    }
}

/// Where the system refuses, it stays where it is, and less is seen.
fn move_to(thread: Option<Pid>, core: usize) {
    let mut set = CpuSet::new();
    set.set(core);
    let _ = sched_setaffinity(thread, &set);
}

fn threads(pid: Pid) -> Vec<Pid> {
    let folder = fs::read_dir(format!("/proc/{pid}/task"));
    let names = folder.into_iter().flatten().flatten();
    let id =
        |thread: fs::DirEntry| Pid::from_raw(thread.file_name().to_str()?.parse().ok()?);
    names.filter_map(id).collect()
}
