//! Behaviour 4 of `docs/reliability.md`: a program that RUN starts ends in time, whole, and
//! says no more than a reply holds.

use std::{fs, thread, time::Instant};

use crate::talking::{HUNG, THREADED, connect};
use launch::Server;
use proto::Reply;

fn start(limit: &str) -> Server {
    fixture::start(THREADED, &["--allow", "sh", "--run-timeout", limit])
}

fn run(server: &Server, script: &str) -> (i64, String, String) {
    let reply = connect(server)
        .request(&["RUN", "sh", "-c", script])
        .unwrap();
    let Reply::Array(parts) = &reply else {
        panic!("{reply:?}")
    };
    let [Reply::Integer(status), Reply::Bulk(out), Reply::Bulk(err)] = &parts[..] else {
        panic!("{reply:?}")
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (*status, text(out), text(err))
}

/// Whether the process has ended: it was killed, and dies when the system gets to it.
fn ends(pid: &str) -> bool {
    let give_up_at = Instant::now() + HUNG;
    while is_alive(pid.trim()) && Instant::now() < give_up_at {
        thread::yield_now();
    }
    !is_alive(pid.trim())
}

/// Whether the process still runs; one that has ended and that nobody has waited for does not.
fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().unwrap_or_default().trim_start();
    !state.is_empty() && !state.starts_with('Z')
}

/// The children of the server, those that nobody has waited for included.
fn children(server: &Server) -> String {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).unwrap();
    let children = tasks.map(|task| task.unwrap().path().join("children"));
    children
        .map(|file| fs::read_to_string(file).unwrap_or_default())
        .collect()
}

#[test]
fn a_program_is_stopped_at_the_time_limit() {
    let server = start("200ms");
    let (status, out, err) = run(&server, "echo begun; sleep 1000");
    assert_eq!((status, out.as_str()), (124, "begun\n"));
    assert_eq!(err, "stopped at the time limit of 200ms\n");
}

#[test]
fn a_program_that_ignores_sigterm_is_killed() {
    let server = start("200ms");
    let (status, out, _) = run(
        &server,
        "trap '' TERM; echo $$; while :; do sleep 1000; done",
    );
    assert_eq!(status, 124);
    assert!(ends(&out), "{out}");
}

#[test]
fn a_grandchild_that_holds_the_pipe_is_ended_too() {
    let server = start("200ms");
    let (status, out, _) = run(&server, "sleep 1000 & echo $!; exec sleep 1000");
    assert_eq!(status, 124);
    assert!(ends(&out), "the grandchild {out} outlived its parent");
}

#[test]
fn a_grandchild_that_outlives_its_parent_is_ended_with_it() {
    let server = start("60s");
    let (status, out, _) = run(&server, "sleep 1000 >/dev/null 2>&1 & echo $!");
    assert_eq!(status, 0);
    assert!(ends(&out), "the grandchild {out} outlived its parent");
}

#[test]
fn the_status_is_the_one_that_a_shell_tells() {
    let server = start("60s");
    for (script, status) in [("exit 7", 7), ("kill -9 $$", 137), ("kill -15 $$", 143)] {
        assert_eq!(run(&server, script).0, status, "{script}");
    }
}

#[test]
fn output_past_64_kib_is_drained_counted_and_said_to_be_cut() {
    let server = start("60s");
    let (status, out, err) = run(
        &server,
        "head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2",
    );
    assert_eq!(status, 0);
    assert_eq!(out, "x".repeat(64 * 1024));
    assert_eq!(
        err,
        "end\n\nstdout was cut: 65536 of 5000000 bytes are shown\n"
    );
    let (_, _, err) = run(&server, "head -c 70000 /dev/zero | tr '\\0' y >&2");
    assert_eq!(
        err,
        format!(
            "{}\nstderr was cut: 65536 of 70000 bytes are shown\n",
            "y".repeat(64 * 1024)
        )
    );
}

#[test]
fn every_child_is_waited_for() {
    let server = start("200ms");
    for script in [
        "true",
        "exit 3",
        "kill -9 $$",
        "sleep 1000",
        "sleep 1000 & exit 0",
    ] {
        run(&server, script);
    }
    assert_eq!(children(&server), "");
}
