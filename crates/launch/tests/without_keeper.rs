//! A program that does not call `launch::keep`, such as the test of a lab crate: it is
//! the parent of its servers itself.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, time::Duration};

use launch::{Launch, LaunchError, Server, Stream};

const PATIENCE: Duration = Duration::from_secs(60);

fn start(script: &str) -> Server {
    let script = format!("echo listening on 127.0.0.1:4711; {script}");
    let launch = Launch::new("sh").args(["-c", &script]);
    launch.announce_within(PATIENCE).start().unwrap()
}

fn announced_pid(server: &Server) -> String {
    let is_pid = |line: &str| line.bytes().all(|byte| byte.is_ascii_digit());
    server
        .wait_for_line(Stream::Stdout, PATIENCE, is_pid)
        .unwrap()
}

fn wait_until_gone(pid: &str) {
    let process = format!("/proc/{pid}/stat");
    let is_there = || {
        let stat = std::fs::read_to_string(Path::new(&process));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    while is_there() {
        std::thread::yield_now();
    }
}

#[test]
fn a_server_ends_with_its_group_and_with_what_left_the_group() {
    if !fixture::has("setsid") {
        return;
    }
    for leave in ["sh", "setsid sh"] {
        let server = start(&format!("{leave} -c 'echo $$; exec sleep 600' & wait"));
        let stray = announced_pid(&server);
        drop(server);
        wait_until_gone(&stray);
    }
}

#[test]
fn its_status_and_its_refusal_are_reported() {
    let mut server = start("exit 7");
    assert_eq!(server.wait(PATIENCE).unwrap().code(), Some(7));
    let missing = Launch::new("./no/such/server").start().unwrap_err();
    assert!(matches!(missing, LaunchError::NoFile { .. }));
}

#[test]
fn it_ends_from_another_thread() {
    let mut server = start("exec sleep 600");
    server.ender().end();
    assert_eq!(server.wait(PATIENCE).unwrap().code(), None);
}
