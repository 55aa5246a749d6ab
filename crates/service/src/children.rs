//! The programs that RUN has started, with all that came of them, so that each has an
//! end.
//!
//! A process that leaves its program's group is still below the server: when its parent
//! ends, the system makes it a child of the server, which is their *subreaper*. Such a
//! stray is ended with its program.

use std::{
    collections::HashMap,
    fs, io,
    process::{Child, Command, ExitStatus},
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, getpgrp, getpid, kill_process,
    kill_process_group, waitid,
};

use crate::lock::lock;

/// How long a process may take to end once it is killed.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks at processes that are ending.
const GLANCE: Duration = Duration::from_millis(1);

/// The programs that run: entered while they start, left before they are reaped, so that
/// no signal reaches a stranger to whom the number was given again.
#[derive(Debug)]
pub(crate) struct Children {
    /// Shared by those who start a program, so that none is running and not yet entered
    /// when somebody looks at all of them.
    starting: RwLock<()>,
    running: Mutex<HashMap<Pid, Program>>,
    /// The children of the program that became this server (`exec` in a shell): nobody
    /// here waits for them, so that their numbers stay theirs.
    before: Vec<Pid>,
}

/// A program by its first process.
#[derive(Clone, Copy, Debug)]
struct Program {
    /// When it started, in the system's ticks since it was booted.
    started: u64,
    /// It has ended, and nothing that it left may go on.
    ended: bool,
}

/// A process as the system describes it.
struct Process {
    is_zombie: bool,
    group: i32,
    started: u64,
}

/// No program starts, and no request whose program was killed goes on to its reply.
pub(crate) struct NoneRuns<'a> {
    _starting: RwLockWriteGuard<'a, ()>,
    _running: MutexGuard<'a, HashMap<Pid, Program>>,
}

impl Children {
    /// From now on the server adopts what its programs leave behind.
    pub(crate) fn new() -> Self {
        #[cfg(target_os = "linux")] // elsewhere a stray is out of reach
        let _ = rustix::process::set_child_subreaper(Some(getpid()));
        Self {
            starting: RwLock::default(),
            running: Mutex::default(),
            before: children(),
        }
    }

    /// What the server has adopted, and programs that the main thread started.
    fn adopted(&self) -> Vec<Pid> {
        let mut adopted = children();
        adopted.retain(|pid| !self.before.contains(pid));
        adopted
    }

    /// Starts a program.
    pub(crate) fn start(&self, command: &mut Command) -> io::Result<Child> {
        let _starting = self.starting.read().unwrap_or_else(PoisonError::into_inner);
        let child = command.spawn()?;
        let pid = Pid::from_child(&child);
        let program = Program {
            started: Process::look(pid).map_or(u64::MAX, |process| process.started),
            ended: false,
        };
        lock(&self.running).insert(pid, program);
        Ok(child)
    }

    /// Kills the program and all that came of it. Its first process is not reaped.
    pub(crate) fn end(&self, program: Pid) {
        if let Some(program) = lock(&self.running).get_mut(&program) {
            program.ended = true;
        }
        kill(program);
        let give_up_at = Instant::now() + PATIENCE;
        while !has_exited(program) && Instant::now() < give_up_at {
            thread::sleep(GLANCE);
        }
        self.end_strays(give_up_at);
    }

    /// Kills what is left of the program, and reaps it.
    ///
    /// # Errors
    ///
    /// When it cannot be killed: it has become another user's.
    pub(crate) fn leave(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let program = Pid::from_child(child);
        self.end(program);
        let mut running = lock(&self.running);
        if !has_exited(program) {
            return Err(io::Error::other("it can't be ended"));
        }
        running.remove(&program);
        child.wait()
    }

    /// Kills everything.
    pub(crate) fn kill_all(&self) -> NoneRuns<'_> {
        let starting = self.starting.write();
        let running = lock(&self.running);
        for program in running.keys() {
            kill(*program);
        }
        let give_up_at = Instant::now() + PATIENCE;
        while Instant::now() < give_up_at {
            let alive =
                |pid: &Pid| Process::look(*pid).is_some_and(|found| !found.is_zombie);
            let mut strays = self.adopted();
            strays.retain(|pid| !running.contains_key(pid));
            if strays.is_empty() && !running.keys().any(alive) {
                break;
            }
            for stray in strays {
                match Process::look(stray) {
                    Some(found) if found.is_zombie => reap(stray),
                    found => kill_stray(stray, found.as_ref()),
                }
            }
            thread::sleep(GLANCE);
        }
        NoneRuns {
            _starting: starting.unwrap_or_else(PoisonError::into_inner),
            _running: running,
        }
    }

    /// Kills the strays that no running program can have left, and reaps those that
    /// ended.
    fn end_strays(&self, give_up_at: Instant) {
        // Looked at first without keeping programs from starting: most leave nothing.
        let is_entered = |pid: &Pid| lock(&self.running).contains_key(pid);
        while self.adopted().iter().any(|pid| !is_entered(pid)) {
            if self.kill_strays() == 0 || give_up_at <= Instant::now() {
                return;
            }
            thread::sleep(GLANCE);
        }
    }

    /// Kills strays, and returns of how many it cannot be said that nothing is left: one
    /// that has just ended may have started another.
    ///
    /// The system does not say which program left a stray. Those are let live that a
    /// running program may have left: they are in its group, or younger than the oldest.
    fn kill_strays(&self) -> usize {
        let _none_starts = self.starting.write();
        let running = lock(&self.running);
        let in_use = running.values().filter(|program| !program.ended);
        let oldest = in_use.map(|program| program.started).min();
        let may_be_in_use = |stray: &Process| {
            let leader = Pid::from_raw(stray.group).and_then(|group| running.get(&group));
            leader.is_some_and(|program| !program.ended)
                || oldest.is_some_and(|oldest| oldest <= stray.started)
        };
        let mut left = 0;
        for pid in self.adopted() {
            match Process::look(pid) {
                _ if running.contains_key(&pid) => continue,
                Some(stray) if stray.is_zombie => reap(pid),
                Some(stray) if may_be_in_use(&stray) => continue,
                stray => kill_stray(pid, stray.as_ref()),
            }
            left += 1;
        }
        left
    }
}

/// Kills a process and its group; it may have left the group that is named after it.
fn kill(program: Pid) {
    let _ = kill_process_group(program, Signal::KILL); // most groups are empty by now
    let _ = kill_process(program, Signal::KILL);
}

/// Kills a stray with its group, which may start others faster than we look.
fn kill_stray(stray: Pid, found: Option<&Process>) {
    let group = found.and_then(|found| Pid::from_raw(found.group));
    if let Some(group) = group.filter(|group| *group != getpgrp()) {
        let _ = kill_process_group(group, Signal::KILL); // it may have just ended
    }
    let _ = kill_process(stray, Signal::KILL);
}

/// Whether a child has exited; it is not reaped, so that its number stays its own.
fn has_exited(child: Pid) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    !matches!(waitid(WaitId::Pid(child), options), Ok(None))
}

fn reap(stray: Pid) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    let _ = waitid(WaitId::Pid(stray), options); // nobody asks how it ended
}

/// The children of the main thread: the system gives it those that the server adopts.
/// Empty where the system does not say.
fn children() -> Vec<Pid> {
    let main = getpid();
    let children = fs::read_to_string(format!("/proc/self/task/{main}/children"));
    let children = children.unwrap_or_default();
    let pids = children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok());
    pids.filter_map(Pid::from_raw).collect()
}

impl Process {
    /// What Linux says of a process; nothing on other systems.
    fn look(pid: Pid) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(") ")?; // the name before may hold anything
        let mut fields = fields.split(' ');
        Some(Self {
            is_zombie: matches!(fields.next()?, "Z" | "X"),
            group: fields.nth(1)?.parse().ok()?,
            started: fields.nth(16)?.parse().ok()?,
        })
    }
}
