//! The program `grader`: exit statuses and options, and in `leftovers.rs` what becomes of
//! servers that do not end; `main_fault.rs` is what a report says first.

mod leftovers;
mod main_fault;

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::patience::{grade, patiently};

fn path(name: &str) -> String {
    fixture::program(name).to_str().unwrap().to_owned()
}

#[test]
fn the_exit_status_tells_what_came_of_it() {
    let server = path("threaded-server");
    let whole = ["--races", "50ms", &server];
    assert_eq!(grade(&whole).status.code(), Some(0));
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
    let (file, seen) = (folder.path().join("server.py"), folder.path().join("seen"));
    let script = "import os, sys\nwith open(sys.argv[1], 'w') as seen:\n\
                 \x20   print(os.environ.get('PYTHONUNBUFFERED'), file=seen)\n";
    fs::write(&file, script).unwrap();
    let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"));
    grader.args(["--only", "contract", "--", "python3"]);
    grader.args([&file, &seen]).env("PYTHONUNBUFFERED", "1");
    let output = grader.output().unwrap();
    // With it, a line that the server never flushes would come all the same.
    let found = fs::read_to_string(&seen).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    assert_eq!(found, "None\n");
}

#[test]
fn a_script_is_started_by_its_own_command_each_time() {
    if !fixture::has("python3") {
        return;
    }
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    let servers = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers");
    let script = format!(
        "import os, runpy, sys\n\
         os.chdir(os.path.dirname(os.path.abspath(__file__)))\n\
         sys.path.insert(0, {servers:?})\n\
         sys.argv[1:1] = [os.environ['KIND'], '5']\n\
         runpy.run_path({servers:?} + '/handout.py', run_name='__main__')\n"
    );
    fs::write(folder.path().join("mine/server.py"), script).unwrap();
    let output = patiently(|| {
        let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"));
        grader.args([
            "--only",
            "log,lost-update",
            "--races",
            "50ms",
            "--",
            "env",
            "KIND=threads",
        ]);
        grader.args(["python3", "mine/server.py"]);
        grader.current_dir(folder.path()).output().unwrap()
    });
    assert!(output.status.success(), "{output:?}");
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
    let commands = ["--commands", "PING,SLEEP", "--races", "50ms"];
    let output = grade(&[&commands[..], &["--format", "json", &server]].concat());
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
