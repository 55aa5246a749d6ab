//! The processes that a server consists of, and the ids of their threads.

use std::{
    fs,
    time::{Duration, Instant},
};

use rustix::process::Pid;

use crate::tree;

/// How long a list of processes is used: 100 ms.
const LASTS: Duration = Duration::from_millis(100);

/// The most processes that are looked at, and the most threads of all of them.
const MOST_PROCESSES: usize = 256;
const MOST_THREADS: usize = 1_024;

/// The processes of a server: its first one, and those below it.
#[derive(Debug)]
pub(super) struct Processes {
    top: Option<Pid>,
    list: Vec<u32>,
    listed: Option<Instant>,
}

/// The threads of a server at one moment.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// How many there are in all.
    pub(super) count: usize,
    /// Some of them: process and thread.
    pub(super) some: Vec<(u32, u32)>,
}

impl Processes {
    pub(super) fn below(top: Option<Pid>) -> Self {
        Self {
            top,
            list: Vec::new(),
            listed: None,
        }
    }

    /// The threads there are now.
    pub(super) fn look(&mut self) -> Ids {
        self.list_anew();
        let mut ids = Ids::default();
        for process in &self.list {
            let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else {
                continue;
            };
            for task in tasks.flatten() {
                let id = task.file_name().to_str().and_then(|name| name.parse().ok());
                let Some(id) = id else { continue };
                ids.count += 1;
                if ids.some.len() < MOST_THREADS {
                    ids.some.push((*process, id));
                }
            }
        }
        ids
    }

    fn list_anew(&mut self) {
        let is_recent = |listed: Instant| listed.elapsed() < LASTS;
        let Some(top) = self.top.filter(|_| !self.listed.is_some_and(is_recent)) else {
            return;
        };
        let below = tree::below_at_most(top, MOST_PROCESSES);
        let all = [top].into_iter().chain(below);
        let number = |pid: Pid| u32::try_from(pid.as_raw_nonzero().get()).ok();
        self.list = all.filter_map(number).collect();
        self.listed = Some(Instant::now());
    }
}

/// The inode of the socket that a process has under a number.
pub(super) fn socket_of(process: u32, descriptor: u32) -> Option<u64> {
    let link = fs::read_link(format!("/proc/{process}/fd/{descriptor}")).ok()?;
    let inode = link.to_str()?.strip_prefix("socket:[")?;
    inode.strip_suffix(']')?.parse().ok()
}
