//! Whatever a server does to get away, and however the grader ends, nothing is left
//! running.

use std::{
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::processes::command_lines;

/// A server as a shell script in a folder of its own, whose path marks all of its
/// processes.
struct Subject {
    folder: TempDir,
}

impl Subject {
    /// `deed` comes before a server that serves well; `{mark}` stands for the folder.
    fn that(deed: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let mark = folder.path().to_str().unwrap();
        let good = fixture::program("threaded-server");
        let deed = deed.replace("{mark}", mark);
        let text = format!("#!/bin/bash\n{deed}\nexec {} \"$@\"\n", good.display());
        let server = folder.path().join("server");
        fixture::write_script(&server, &text);
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Self { folder }
    }

    fn mark(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    fn grader(&self, only: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_grader"))
            .args(["--only", only])
            .arg(self.folder.path().join("server"))
            .args(["--log", &format!("{}/log", self.mark())])
            .env("TMPDIR", self.folder.path().join("tmp"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// How many temporary files its graders have left.
    fn temporary_files(&self) -> usize {
        fs::read_dir(self.folder.path().join("tmp"))
            .unwrap()
            .count()
    }

    /// Waits until nothing of it runs.
    fn assert_ends(&self, what: &str) {
        until(&format!("{what}: something still runs"), || {
            !runs(self.mark())
        });
    }
}

/// A process that is found by the mark, in a session of its own and in its server's
/// group. They are no children of the server: it ends its own with the next RUN.
const STRAYS: &str = "(setsid sh -c 'sleep 600; : {mark} of its own' &)
(sh -c 'sleep 600; : {mark} of the group' &)";

#[test]
fn a_server_that_kills_or_stops_its_parent_is_ended_and_judged() {
    if !fixture::has("setsid") {
        return;
    }
    for signal in ["KILL", "STOP", "TERM"] {
        let subject = Subject::that(&format!("{STRAYS} sleep 0.1; kill -{signal} $PPID"));
        let mut grader = subject.grader("contract");
        assert!(grader.wait().unwrap().code().is_some(), "{signal}");
        assert!(!runs(subject.mark()), "{signal}: something still runs");
    }
}

#[test]
fn a_child_in_its_parents_group_is_ended() {
    if !fixture::has("python3") {
        return;
    }
    let subject = Subject::that(
        "python3 -c 'import os, time
os.setpgid(0, os.getpgid(int(open(\"/proc/%d/stat\" % os.getppid()).read().split()[3])))
time.sleep(600)' {mark} in the group above &",
    );
    let mut grader = subject.grader("contract");
    assert_eq!(grader.wait().unwrap().code(), Some(0));
    assert!(!runs(subject.mark()), "it still runs");
}

#[test]
fn a_grader_that_is_killed_leaves_nothing() {
    if !fixture::has("setsid") {
        return;
    }
    let subject = Subject::that(STRAYS);
    let mut grader = subject.grader("slow,drain,idle");
    wait_for(&format!("threaded-server --log {}", subject.mark()));
    grader.kill().unwrap();
    grader.wait().unwrap();
    subject.assert_ends("after SIGKILL");
    // The next one removes the folder for what its servers leave.
    assert_eq!(subject.temporary_files(), 1);
    assert!(subject.grader("contract").wait().unwrap().success());
    assert_eq!(subject.temporary_files(), 0);
}

#[test]
fn a_demo_that_is_killed_leaves_nothing() {
    if !fixture::has("setsid") {
        return;
    }
    let subject = Subject::that(STRAYS);
    let server = format!("single-server={}/server --quiet", subject.mark());
    let mut demo = Command::new(fixture::program("sleep-demo"))
        .args(["--step", "--server", &server])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(fixture::program("threaded-server").exists());
    wait_for(&format!("{} of its own", subject.mark()));
    wait_for(&format!("{} of the group", subject.mark()));
    demo.kill().unwrap();
    demo.wait().unwrap();
    subject.assert_ends("after SIGKILL");
}

#[test]
fn ctrl_c_ends_a_grading_whose_server_announces_nothing() {
    let subject = Subject::that("sleep 600; : {mark}");
    let mut grader = subject.grader("contract");
    wait_for(subject.mark());
    let pid = Pid::from_raw(i32::try_from(grader.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    // It would be 4, no server, had it been waited for.
    assert_eq!(grader.wait().unwrap().code(), Some(130));
}

fn wait_for(text: &str) {
    until(&format!("no process has {text:?}"), || runs(text));
}

fn until(or_else: &str, is_so: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < patience, "{or_else}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process runs whose command line holds `text`, other than a grader's.
fn runs(text: &str) -> bool {
    command_lines().any(|line| line.contains(text) && !line.contains("/grader "))
}
