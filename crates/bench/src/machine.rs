//! This machine: its cores, its descriptors, and what a process has resident.

use std::{fs, thread};

use launch::raise_descriptors;
use serde::Serialize;

/// Descriptors of the bench that are no client's: streams, pipes, the report.
const RESERVED: u64 = 64;

/// What the findings were found on.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Processors that this process may use.
    pub cores: usize,
    /// The system's name and version.
    pub system: String,
}

impl Machine {
    /// This one.
    #[must_use]
    pub fn here() -> Self {
        let release = fs::read_to_string("/proc/sys/kernel/osrelease");
        let release = release.unwrap_or_default();
        Self {
            cores: thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {}", std::env::consts::OS, release.trim())
                .trim()
                .to_owned(),
        }
    }
}

/// How many connections this process may hold open, once its limit is raised.
#[must_use]
pub fn descriptors() -> usize {
    let limit = raise_descriptors();
    usize::try_from(limit.saturating_sub(RESERVED)).unwrap_or(usize::MAX)
}

/// What a process has in memory now, in KiB. Only on Linux; `None` elsewhere.
#[must_use]
pub fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
