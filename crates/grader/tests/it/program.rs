//! The program `grader`: exit statuses, options, and servers that are none. Nothing is
//! left running, whatever is judged.

use std::{
    fs,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Grades as a person would: again, if the grader asks for it because the machine had no
/// time.
fn grade(arguments: &[&str]) -> Output {
    const TRIES: usize = 10;
    let mut tries = 0;
    loop {
        let grader = env!("CARGO_BIN_EXE_grader");
        let output = Command::new(grader).args(arguments).output().unwrap();
        tries += 1;
        let printed = [&output.stdout[..], &output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        let is_asked_again = printed.contains("run the grader again")
            || printed.contains("\"inconclusive\"");
        if !is_asked_again || tries == TRIES {
            return output;
        }
    }
}

fn path(name: &str) -> String {
    fixture::program(name).to_str().unwrap().to_owned()
}

/// A server as a shell script.
fn script(folder: &TempDir, text: &str) -> String {
    let path = folder.path().join("server");
    fixture::write_script(&path, &format!("#!/bin/sh\n{text}\n"));
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_exit_status_tells_what_came_of_it() {
    let server = path("threaded-server");
    assert_eq!(grade(&[&server]).status.code(), Some(0));
    let serial = ["--expect", "serial", "--only", "idle", &server];
    assert_eq!(grade(&serial).status.code(), Some(1));
    for usage in [
        &["--only", "nothing", &server][..],
        &["--expect", "fast", &server],
        &[],
    ] {
        assert_eq!(grade(usage).status.code(), Some(2), "{usage:?}");
    }
    let unwritable = ["--output", "/nowhere/report", "--only", "idle", &server];
    assert_eq!(grade(&unwritable).status.code(), Some(3));
    assert_eq!(grade(&["/nowhere/server"]).status.code(), Some(4));
}

#[test]
fn a_platform_reads_the_report_and_nothing_is_green_that_did_not_run() {
    let server = path("threaded-server");
    for format in ["gradescope", "junit"] {
        let failing = [
            "--format", format, "--expect", "serial", "--only", "idle", &server,
        ];
        assert_eq!(grade(&failing).status.code(), Some(0), "{format}");
        let missing = grade(&["--format", format, "/nowhere/server"]);
        let report = String::from_utf8_lossy(&missing.stdout).into_owned();
        assert_eq!(missing.status.code(), Some(1), "{format}");
        assert!(!report.contains("skipped=\"1"), "{report}");
        assert!(!report.contains("\"passed\""), "{report}");
    }
    let nothing = grade(&["--commands", "PING,ECHO", "--only", "slow", &server]);
    assert_eq!(nothing.status.code(), Some(2), "{nothing:?}");
}

#[test]
fn the_surroundings_of_the_grader_change_no_grade() {
    if !fixture::has("python3") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let unflushed = "import os, time\nprint('listening on 127.0.0.1:1')\n\
                     print(os.environ.get('PYTHONUNBUFFERED'))\ntime.sleep(100)\n";
    let file = folder.path().join("server.py");
    fs::write(&file, unflushed).unwrap();
    // Without a flush the line stays in a buffer, whatever the grader's own surroundings
    // say.
    let judge = |flush: &str| {
        let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"));
        let file = file.to_str().unwrap();
        grader.args(["--only", "contract", "--", "python3", file]);
        grader.env("PYTHONUNBUFFERED", flush).output().unwrap()
    };
    let output = judge("1");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // 3 where the machine is too busy to say that it slept.
    assert!(matches!(output.status.code(), Some(3 | 4)), "{said}");
    assert!(said.contains("printed no first line"), "{said}");
}

#[test]
fn a_server_that_ends_after_its_first_client_is_told_so_first() {
    let output = grade(&[
        "--only",
        "contract,idle,rude-clients",
        &path("first-client-only"),
    ]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = "\nmain fault: your server ended with status 0 after its first client\n";
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains(first), "{report}");
    assert!(
        report.contains("server        it ended with status 0"),
        "{report}"
    );
}

#[test]
fn a_port_that_is_written_into_the_program_fails_one_check_and_leaves_the_others() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let checks = "contract,answers,framing,idle";
    let output = grade(&["--only", checks, &path("fixed-port"), &port]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{report}");
    let words: Vec<_> = report
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        words.iter().filter(|word| **word == "FAIL").count(),
        1,
        "{report}"
    );
    assert_eq!(
        words.iter().filter(|word| **word == "pass").count(),
        3,
        "{report}"
    );
    assert!(report.contains("Address already in use"), "{report}");
}

#[test]
fn a_failure_says_how_the_server_died() {
    let output = grade(&["--only", "lost-update", &path("crash-in-a-burst")]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(report.contains("it died of signal 6 (SIGABRT)"), "{report}");
    assert!(report.contains("fatal error: concurrent map writes  (standard error)"));
}

#[test]
fn what_the_server_does_not_know_is_not_asked() {
    let server = path("threaded-server");
    let output = grade(&["--commands", "PING,SLEEP", "--format", "json", &server]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names = report["checks"].as_array().unwrap().iter();
    let names: Vec<_> = names.map(|check| check["name"].as_str().unwrap()).collect();
    let left = [
        "contract",
        "answers",
        "framing",
        "half-close",
        "late-reader",
        "idle",
        "slow",
        "unread",
        "cross-talk",
        "log",
        "rude-clients",
        "many-clients",
        "busy-waiting",
        "drain",
    ];
    assert_eq!(names, left);
    assert_eq!(report["score"], report["max_score"]);
}

#[test]
fn that_computing_blocks_nobody_is_asked_where_primes_is_named() {
    let server = path("event-server");
    let asked = |arguments: &[&str]| {
        let computing = ["--only", "computing", "--commands"];
        let output = grade(&[&computing, arguments, &[&server]].concat());
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), report)
    };
    let (status, report) = asked(&["PING,PRIMES"]);
    assert_eq!(status, Some(1), "{report}");
    assert!(report.contains("an event loop that computes in a handler: a choice"));
    for unasked in [&["PING"][..], &["PING,PRIMES", "--expect", "limit=2"]] {
        assert_eq!(asked(unasked).0, Some(2), "no check is left");
    }
    let output = grade(&[
        "--only",
        "computing",
        "--commands",
        "PING,PRIMES",
        &path("no-drain"),
    ]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(report.contains("A's PRIMES got `-ERR"), "{report}");
    assert!(report.contains("the server does not know it"), "{report}");
}

#[test]
fn a_server_is_asked_to_register_students_where_register_is_named() {
    let asked = |commands: &str, server: &str| {
        let only = ["--only", "register", "--commands", commands];
        let output = grade(&[&only, &[path(server).as_str()][..]].concat());
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), report)
    };
    assert_eq!(
        asked("PING", "single-server").0,
        Some(2),
        "no check is left"
    );
    let (status, report) = asked("PING,REGISTER,ROSTER", "threaded-server");
    assert_eq!(status, Some(0), "{report}");
    assert!(report.contains("3/3"), "{report}");
    for (commands, server, observed) in [
        (
            "PING,REGISTER",
            "silent-register",
            "no line of standard output holds",
        ),
        ("PING,REGISTER", "student-in-pieces", "no one line holds"),
        (
            "PING,REGISTER,ROSTER",
            "two-write-locks",
            "is not on the roster",
        ),
    ] {
        let (status, report) = asked(commands, server);
        assert_eq!(status, Some(1), "{server}: {report}");
        assert!(report.contains(observed), "{server}: {report}");
    }
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
#[ignore = "waits ten seconds for an address"]
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
    let output = grade(&[
        "--only",
        "contract,answers,framing,idle,rude-clients",
        &server,
    ]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

#[test]
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
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("it died of signal 9"), "{told}");
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
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines =
        processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .any(|line| line.contains(text))
}
