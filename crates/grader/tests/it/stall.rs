//! No wrong verdict on a machine that stalls: the grader and its servers are stopped at
//! random, 50 to 400 ms at a time, while it judges.

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    process::{Child, Command},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// A server, what it is to be, and the checks that it must fail.
const CASES: &[(&str, &str, &[&str])] = &[
    ("threaded-server", "concurrent", &[]),
    ("single-server", "serial", &[]),
    ("lock-too-long", "concurrent", &["slow", "at-once"]),
    ("threaded-server", "concurrent", &[]),
    ("poisoned-lock", "concurrent", &["rude-clients"]),
];

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn five_gradings_with_stalls_come_to_no_wrong_verdict() {
    judge_with_stalls(5);
}

#[test]
#[ignore = "takes ten minutes"]
fn two_hundred_gradings_with_stalls_come_to_no_wrong_verdict() {
    judge_with_stalls(200);
}

fn judge_with_stalls(gradings: usize) {
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= gradings {
                return;
            }
            let (server, expect, fails) = CASES[number % CASES.len()];
            judge(server, expect, fails);
        }
    };
    thread::scope(|scope| {
        for _ in 0..CASES.len() {
            thread::Builder::new().spawn_scoped(scope, work).unwrap();
        }
    });
}

fn judge(server: &str, expect: &str, fails: &[&str]) {
    let file = tempfile::NamedTempFile::new().unwrap();
    let grader = Command::new(env!("CARGO_BIN_EXE_grader"))
        .args(["--format", "json", "--expect", expect, "--output"])
        .arg(file.path())
        .arg(fixture::program(server))
        .spawn()
        .unwrap();
    stall_until_it_ends(grader);
    let report: Value = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
    for check in report["checks"].as_array().unwrap() {
        let name = check["name"].as_str().unwrap();
        let right: &[&str] = match (fails.contains(&name), name) {
            (true, _) => &["failed", "inconclusive"],
            (false, "cross-talk") if fails.contains(&"at-once") => &["skipped", "passed"],
            // Not run either where one client is in service at a time.
            (false, "unread" | "lock-order") if fails.contains(&"at-once") => {
                &["skipped", "passed", "inconclusive"]
            }
            (false, _) => &["passed", "inconclusive"],
        };
        let verdict = check["verdict"].as_str().unwrap();
        assert!(right.contains(&verdict), "{server}: {check:#}");
    }
}

fn stall_until_it_ends(mut grader: Child) {
    let pid = grader.id();
    let random = RandomState::new();
    let milliseconds =
        |turn: u64| Duration::from_millis(50 + random.hash_one(turn) % 351);
    for turn in 0.. {
        if grader.try_wait().unwrap().is_some() {
            break;
        }
        let mut candidates = servers(pid);
        candidates.push(pid);
        let chosen = random.hash_one((turn, "who")) as usize % candidates.len();
        let chosen = Pid::from_raw(i32::try_from(candidates[chosen]).unwrap()).unwrap();
        // It may have ended meanwhile.
        let _ = kill_process(chosen, Signal::STOP);
        thread::sleep(milliseconds(2 * turn));
        let _ = kill_process(chosen, Signal::CONT);
        thread::sleep(milliseconds(2 * turn + 1));
    }
}

/// The servers that the grader runs now, below their keepers.
fn servers(grader: u32) -> Vec<u32> {
    children(grader).into_iter().flat_map(children).collect()
}

fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")));
    let lists: String = lists.flatten().collect();
    lists
        .split_whitespace()
        .map(|child| child.parse().unwrap())
        .collect()
}
