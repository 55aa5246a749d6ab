//! Servers that try to get away: whatever comes of them ends with them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use launch::{Launch, Server, Stream};
use rustix::process::{Pid, Signal, test_kill_process};

/// Long enough for a machine that is busy; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);

fn announcing(script: &str) -> Server {
    launch::keep_with(env!("CARGO_BIN_EXE_keeper"));
    let script = format!("echo listening on 127.0.0.1:4711; {script}");
    let launch = Launch::new("sh").args(["-c", &script]);
    launch.announce_within(PATIENCE).start().unwrap()
}

fn exists(pid: i32) -> bool {
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

/// Reads the process id from the line `PID NUMBER`.
fn announced_pid(server: &Server) -> i32 {
    let is_pid = |line: &str| line.starts_with("PID ");
    let line = server
        .wait_for_line(Stream::Stdout, PATIENCE, is_pid)
        .unwrap();
    line[4..].parse().unwrap()
}

/// A killed process that nobody waits for here is gone once init has waited for it.
fn wait_until_gone(pid: i32) {
    let is_gone = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        stat.map_or(!exists(pid), |stat| stat.contains(") Z "))
    };
    while !is_gone() {
        std::thread::yield_now();
    }
}

#[test]
fn a_grandchild_is_gone_after_the_drop() {
    let server = announcing("sh -c 'echo PID $$; exec sleep 600' & wait");
    let grandchild = announced_pid(&server);
    assert!(exists(grandchild));
    drop(server);
    wait_until_gone(grandchild);
}

#[test]
fn a_grandchild_that_outlives_its_server_is_killed_with_the_group() {
    let script = "trap 'exit 5' TERM; sh -c 'echo PID $$; exec sleep 600' & wait";
    let mut server = announcing(script);
    let grandchild = announced_pid(&server);
    server.terminate();
    assert_eq!(server.wait(PATIENCE).unwrap().code(), Some(5));
    wait_until_gone(grandchild);
}

/// Every way out of the group: all of them end with the server.
#[test]
fn whatever_left_the_group_is_gone_after_the_drop() {
    if !fixture::has("setsid") {
        return;
    }
    for leave in [
        "setsid sh -c 'echo PID $$; exec sleep 600' &",
        "setsid sh -c 'sh -c \"echo PID \\$\\$; exec sleep 600\" &' &",
    ] {
        let server = announcing(&format!("{leave} wait; sleep 600"));
        let stray = announced_pid(&server);
        assert!(exists(stray), "{leave}");
        drop(server);
        assert!(!exists(stray), "{leave}");
    }
}

#[test]
fn a_child_that_moved_to_the_group_of_its_keeper_is_gone_after_the_drop() {
    // No shell can move a process to another group.
    if !fixture::has("perl") {
        return;
    }
    let server = announcing(
        "perl -e '$keeper = (split / /, `cat /proc/${\\getppid}/stat`)[3]; $| = 1;
                  setpgrp(0, $keeper) or die $!; print \"PID $$\\n\"; sleep 600' & wait",
    );
    let stray = announced_pid(&server);
    drop(server);
    assert!(!exists(stray), "it still runs");
}

#[test]
fn a_server_that_stops_its_parent_is_ended() {
    let server = announcing("echo PID $PPID; kill -STOP $PPID; exec sleep 600");
    let keeper = announced_pid(&server);
    let server_id = i32::try_from(server.pid()).unwrap();
    drop(server);
    // The process that adopts them reaps them in its own time.
    while exists(keeper) || exists(server_id) {
        std::thread::yield_now();
    }
}

/// It stops it before, while or after this test asks for the end. Only a keeper that
/// does its work to the end counts what was left.
#[test]
fn a_server_that_stops_its_parent_while_it_ends_is_ended_by_it() {
    if !fixture::has("setsid") {
        return;
    }
    for _ in 0..50 {
        let mut server = announcing(
            "stray=$(setsid sh -c 'sleep 600 >/dev/null & echo $!'); echo PID $stray; \
             kill -STOP $PPID; exec sleep 600",
        );
        let stray = announced_pid(&server);
        server.kill().unwrap();
        assert_eq!(server.left_behind(), 1);
        wait_until_gone(stray);
    }
}

#[test]
fn a_server_that_kills_its_parent_takes_everything_along() {
    let mut server =
        announcing("sleep 600 & echo PID $!; kill -KILL $PPID; exec sleep 600");
    let child = announced_pid(&server);
    let id = i32::try_from(server.pid()).unwrap();
    let status = server.wait(PATIENCE).unwrap();
    assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
    wait_until_gone(child);
    wait_until_gone(id);
}

#[test]
fn a_server_ends_from_another_thread_while_its_owner_waits() {
    if !fixture::has("setsid") {
        return;
    }
    let mut server =
        announcing("setsid sh -c 'echo PID $$; exec sleep 600' & exec sleep 600");
    announced_pid(&server);
    server.ender().end();
    let status = server.wait(PATIENCE).unwrap();
    assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
    assert_eq!(server.left_behind(), 1);
}

#[test]
fn a_crowd_that_forks_without_end_is_ended() {
    let started = Instant::now();
    let script = "comet() { (comet) & }; comet; exec sleep 600";
    let server = announcing(&format!("(ulimit -u 4000; {script})"));
    drop(server);
    assert!(started.elapsed() < PATIENCE);
}
