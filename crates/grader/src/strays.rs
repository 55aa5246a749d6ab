//! Processes that outlive their server, in a group or a session of their own.
//!
//! Whoever loses its parent becomes a child of this process, which ends it at the end.

use std::{fs, thread, time::Duration};

use rustix::process::{
    Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait,
};

/// Rounds of ending strays, whose own children become strays then.
const ROUNDS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(5);

/// Makes this process the parent of all who lose theirs below it.
pub(crate) fn adopt() {
    // On a kernel that refuses it they go to the init process, as they would anyway.
    let _ = set_child_subreaper(Some(getpid()));
}

/// Kills every child that is left, and says how many there were.
pub(crate) fn end() -> usize {
    let mut ended = 0;
    for _ in 0..ROUNDS {
        let children = children();
        if children.is_empty() {
            break;
        }
        for child in children {
            let _ = kill_process(child, Signal::KILL);
        }
        thread::sleep(PAUSE);
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {
            ended += 1;
        }
    }
    ended
}

fn children() -> Vec<Pid> {
    let threads = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")));
    let lists: String = lists.flatten().collect();
    let pids = lists.split_whitespace().filter_map(|pid| pid.parse().ok());
    pids.filter_map(Pid::from_raw).collect()
}
