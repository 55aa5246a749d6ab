//! What cannot be seen of a server, and why.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    process::{Command, Stdio},
    thread,
};

use super::{Observer, threads::EXEC};

/// Why a part of what is to be seen is missing: the first reason of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// What the server's threads do.
    pub threads: Option<String>,
    /// Which connections wait to be accepted.
    pub backlog: Option<String>,
}

impl Missing {
    /// Whether everything was read.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.threads.is_none() && self.backlog.is_none()
    }

    pub(super) fn note_threads(&mut self, what: &str, error: &io::Error) {
        self.threads
            .get_or_insert_with(|| format!("cannot read {what}: {error}"));
    }

    pub(super) fn note_backlog(&mut self, what: &str, error: &io::Error) {
        self.backlog
            .get_or_insert_with(|| format!("cannot read {what}: {error}"));
    }
}

/// Finds out what can be seen of a server on this machine, by looking at a program that
/// sleeps and at a listener of this program.
///
/// # Errors
///
/// Those of the system when the program cannot be started, or no port is free.
pub fn what_is_missing() -> io::Result<Missing> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let mut sleeper = Command::new("sleep");
    sleeper.arg("60").stdin(Stdio::null()).stdout(Stdio::null());
    let mut sleeper = sleeper.spawn()?;
    let mut observer = Observer::at(sleeper.id(), address);
    observer.look(&[]);
    thread::sleep(EXEC);
    let mut missing = observer.look(&[]).missing;
    let _ = sleeper.kill(); // it may have been killed by somebody else
    sleeper.wait()?;
    if std::fs::metadata("/proc/self/task").is_err() {
        let what = "/proc is not mounted, or this system is not Linux";
        missing.threads.get_or_insert_with(|| what.to_owned());
    }
    Ok(missing)
}
