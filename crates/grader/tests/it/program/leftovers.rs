//! Servers that are none, that print or run on without end, and gradings that are
//! stopped: nothing is left running.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::path;
use crate::{patience::grade, processes::command_lines};

/// A server as a shell script.
fn script(folder: &TempDir, text: &str) -> String {
    let path = folder.path().join("server");
    fixture::write_script(&path, &format!("#!/bin/sh\n{text}\n"));
    path.to_str().unwrap().to_owned()
}

#[test]
fn what_is_no_server_is_no_server_to_judge() {
    let folder = TempDir::new().unwrap();
    for (text, why) in [
        ("exit 3", "ended with status 3"),
        ("echo hello; sleep 60", "must be `listening on IP:PORT`"),
        (
            "echo listening on 127.0.0.1:1; sleep 60",
            "nothing listens there",
        ),
    ] {
        let output = grade(&[&script(&folder, text)]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{text}: {said}");
        assert!(
            said.contains("no server to judge") && said.contains(why),
            "{said}"
        );
    }
    let file = folder.path().join("notes.txt");
    fs::write(&file, "no program").unwrap();
    assert_eq!(grade(&[file.to_str().unwrap()]).status.code(), Some(4));
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn a_server_that_never_announces_itself_is_no_server_to_judge() {
    let folder = TempDir::new().unwrap();
    let output = grade(&[&script(&folder, "exec sleep 100")]);
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn a_server_that_stops_itself_goes_on_and_is_judged() {
    let folder = TempDir::new().unwrap();
    let good = path("threaded-server");
    let once = format!("kill -STOP $$; exec {good} \"$@\"");
    let output = grade(&["--only", "idle", &script(&folder, &once)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let for_ever = "while :; do kill -STOP $$; done";
    let output = grade(&["--only", "idle", &script(&folder, for_ever)]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("stops itself"), "{said}");
}

#[test]
fn a_flood_of_output_is_drained_and_the_server_judged() {
    let folder = TempDir::new().unwrap();
    let flooding = format!(
        "yes >&2 & yes 'a line of nothing' >&2 &\nexec {} \"$@\"",
        path("threaded-server")
    );
    let server = script(&folder, &flooding);
    let output = grade(&["--only", "contract,answers,half-close", &server]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn a_server_that_ignores_sigterm_fails_the_contract_and_is_ended() {
    let folder = TempDir::new().unwrap();
    let text = format!(
        "trap '' TERM\n{} \"$@\" &\nwait\nsleep 60",
        path("threaded-server")
    );
    let server = script(&folder, &text);
    let output = grade(&["--only", "contract,answers", &server]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("did not end"), "{said}");
    assert!(said.contains("pass  answers"), "{said}");
    assert!(!runs(folder.path().to_str().unwrap()), "it still runs");
}

#[test]
fn what_a_server_leaves_behind_is_ended() {
    if !fixture::has("setsid") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let mark = folder.path().to_str().unwrap().to_owned();
    let leaving = format!(
        "sh -c 'sleep 60; : {mark} in its group' &\n\
         setsid sh -c 'sleep 60; : {mark} in a session of its own' &\nexec {} \"$@\"",
        path("threaded-server")
    );
    let output = grade(&["--only", "answers", &script(&folder, &leaving)]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!runs(&mark), "something still runs");
}

#[test]
fn a_server_that_ends_while_its_log_is_judged_is_said_to_have_ended() {
    let folder = TempDir::new().unwrap();
    let server = script(
        &folder,
        &format!(
            "{} \"$@\" | while IFS= read -r line; do\n\
             echo \"$line\"; lines=x$lines; [ ${{#lines}} -lt 30 ] || kill -KILL 0\ndone",
            path("threaded-server")
        ),
    );
    let output = grade(&["--only", "log", &server]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("it died of signal 9"), "{printed}");
}

#[test]
fn a_panic_that_was_printed_is_the_first_likely_cause() {
    let output = grade(&["--only", "rude-clients", &path("poisoned-lock")]);
    let printed = String::from_utf8(output.stdout).unwrap();
    let first = printed.lines().find(|line| line.contains("likely cause"));
    let due = "  likely cause  an exception or a panic while it served a client: see the \
               printed lines above";
    assert_eq!(first, Some(due), "{printed}");
}

#[test]
fn an_interrupted_grading_leaves_a_report_and_no_server() {
    let folder = TempDir::new().unwrap();
    let report = folder.path().join("report.json");
    let mark = folder.path().join("server.log");
    let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"))
        .args(["--format", "json", "--only", "slow", "--output"])
        .arg(&report)
        .arg(path("single-server"))
        .arg("--log")
        .arg(&mark)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mark = mark.to_str().unwrap();
    while !runs(&format!("single-server --log {mark} --listen")) {
        thread::sleep(Duration::from_millis(5));
    }
    let pid = Pid::from_raw(i32::try_from(grader.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(grader.wait().unwrap().code(), Some(128 + 15));
    assert!(!runs(mark), "a server still runs");
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    assert_eq!(report["checks"][0]["verdict"], "unfinished");
    assert_eq!(report["conclusive"], false);
}

/// Whether a process runs whose command line holds `text`.
fn runs(text: &str) -> bool {
    command_lines().any(|line| line.contains(text))
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn what_a_killed_server_leaves_in_its_folder_is_removed() {
    if !fixture::has("python3") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (file, seen) = (folder.path().join("server.py"), folder.path().join("seen"));
    let script = "import os, sys, tempfile, time\n\
                  with open(sys.argv[1], 'w') as seen:\n\
                  \x20   print(tempfile.mkdtemp(), end='', file=seen)\n\
                  time.sleep(60)\n";
    fs::write(&file, script).unwrap();
    let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"));
    grader.args(["--only", "contract", "--", "python3"]);
    let output = grader.args([&file, &seen]).output().unwrap();
    let left = fs::read_to_string(&seen).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    assert!(left.contains("/grader-"), "{left}");
    assert!(!Path::new(&left).exists(), "{left}");
}
