//! What is left of a server whose keeper was killed.

use std::{
    collections::BTreeSet,
    fs, io,
    process::{Child, Command},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};

use crate::{
    keeper,
    tree::{self, Entry},
};

/// The keepers that this program started and that may still run.
static KEEPERS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// How long what was killed may take to go.
const PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(1);

/// Starts a keeper. Nobody looks for strays meanwhile, who would take it for one.
pub(crate) fn spawn_keeper(command: &mut Command) -> io::Result<Child> {
    let mut keepers = KEEPERS.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    keepers.insert(child.id());
    Ok(child)
}

/// Takes a keeper that has been waited for off the list: its id may soon be another's.
pub(crate) fn forget_keeper(id: u32) {
    let mut keepers = KEEPERS.lock().unwrap_or_else(PoisonError::into_inner);
    keepers.remove(&id);
}

/// Kills what ran in the session of a `keeper` that was killed; and, if this program
/// adopts what loses its parent, whatever came to it from other sessions than its own.
pub(crate) fn end_session(keeper: Pid) {
    let patience = Instant::now() + PATIENCE;
    loop {
        let mut found = in_session(keeper);
        found.extend(adopted());
        if found.is_empty() || Instant::now() >= patience {
            return;
        }
        for stray in found {
            let _ = kill_process(stray, Signal::KILL);
            tree::kill_below(stray);
            // Only who was adopted has to be waited for here.
            let _ = waitpid(Some(stray), WaitOptions::NOHANG);
        }
        thread::sleep(STEP);
    }
}

fn adopted() -> Vec<Pid> {
    if !keeper::is_own() {
        return Vec::new();
    }
    let keepers = KEEPERS.lock().unwrap_or_else(PoisonError::into_inner);
    let own_session = Entry::of(getpid()).map(|entry| entry.session);
    let is_stray = |pid: &Pid| {
        let id = u32::try_from(pid.as_raw_nonzero().get()).unwrap_or_default();
        let session = Entry::of(*pid).map(|entry| entry.session);
        !keepers.contains(&id) && session != own_session
    };
    tree::children(getpid())
        .into_iter()
        .filter(is_stray)
        .collect()
}

/// The processes of a session that have not been waited for.
fn in_session(session: Pid) -> Vec<Pid> {
    let names = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = names.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let pids = ids.filter_map(Pid::from_raw);
    let session = session.as_raw_nonzero().get();
    let is_in = |pid: &Pid| {
        Entry::of(*pid).is_some_and(|entry| !entry.is_dead && entry.session == session)
    };
    pids.filter(is_in).collect()
}
