//! Behaviour 19 of `docs/reliability.md`: a roster is of one server alone, and whole
//! after each student, whatever happens to the server or the disk.
#![cfg(target_os = "linux")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use launch::Server;
use proto::Reply;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::talking::{BOTH, HUNG, THREADED, ask, connect, start_limited};

fn names(file: &Path) -> Vec<String> {
    let roster: Vec<Value> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let name = |student: &Value| student["name"].as_str().unwrap().to_owned();
    roster.iter().map(name).collect()
}

fn kill(server: &mut Server) {
    let pid = Pid::from_raw(server.pid().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
    server.wait(HUNG).unwrap();
}

fn start_refused(name: &str, flags: &[&str]) -> Output {
    Command::new(fixture::program(name))
        .args(["--listen", "127.0.0.1:0"])
        .args(flags)
        .output()
        .unwrap()
}

#[test]
fn a_second_server_does_not_get_the_roster_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.json");
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let flags = ["--roster", file.to_str().unwrap()];
    for (first, second) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0])] {
        let mut server = fixture::start(first, &flags);
        // Also after the file was written anew.
        for line in ["REGISTER Ada s1 ada", "REGISTER Ada s1 ada2"] {
            for path in [&file, &link] {
                let refused =
                    start_refused(second, &["--roster", path.to_str().unwrap()]);
                let printed = String::from_utf8_lossy(&refused.stderr).into_owned();
                assert_eq!(refused.status.code(), Some(1), "{second}: {printed}");
                assert!(
                    printed.contains("another running server uses it"),
                    "{printed}"
                );
                assert_eq!(printed.lines().count(), 1, "{printed}");
            }
            assert_eq!(ask(&mut connect(&server), line), Reply::ok());
        }
        kill(&mut server); // which leaves no lock behind
    }
}

#[test]
fn what_was_acknowledged_is_in_the_file_at_once_and_after_kill_9() {
    for name in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roster.json");
        let flags = ["--roster", file.to_str().unwrap()];
        let mut server = fixture::start(name, &flags);
        let mut client = connect(&server);
        for number in 0..30 {
            let line = format!("REGISTER Student-{number} s{number} g{number}");
            assert_eq!(ask(&mut client, &line), Reply::ok());
            assert_eq!(names(&file).len(), number + 1, "{name}");
        }
        // The last entry of a student counts.
        assert_eq!(ask(&mut client, "REGISTER Other s7 g7"), Reply::ok());
        assert_eq!(
            names(&file).iter().filter(|name| *name == "Other").count(),
            1
        );
        drop(client);
        kill(&mut server);
        let mut server = fixture::start(name, &flags);
        let Reply::Array(roster) = ask(&mut connect(&server), "ROSTER") else {
            panic!("no array")
        };
        assert_eq!(roster.len(), 30, "{name}");
        assert_eq!(server.stop(HUNG).unwrap().code(), Some(0));
        let kept = names(&file);
        assert_eq!((kept.len(), kept[7].as_str()), (30, "Other"), "{name}");
    }
}

#[test]
fn the_last_student_costs_no_more_than_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.json");
    let flags = ["--quiet", "--roster", file.to_str().unwrap()];
    let server = fixture::start(THREADED, &flags);
    let mut client = connect(&server);
    let mut register = |numbers: std::ops::Range<u32>| {
        let written = || {
            let io = fs::read_to_string(format!("/proc/{}/io", server.pid())).unwrap();
            let line = io.lines().find_map(|line| line.strip_prefix("wchar: "));
            line.unwrap().parse::<u64>().unwrap()
        };
        let before = written();
        for number in numbers {
            let line = format!("REGISTER Ada s{number:05} ada");
            assert_eq!(ask(&mut client, &line), Reply::ok());
        }
        written() - before
    };
    let (first, _, last) = (register(0..100), register(100..900), register(900..1_000));
    assert!(last < first * 2, "{first} bytes, and then {last}");
    let again = register(0..100);
    assert!(again < first * 20, "{first} bytes, and again {again}");
}

#[test]
fn a_full_disk_refuses_a_student_and_leaves_the_roster_whole() {
    for name in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roster.json");
        // A file that may not grow is a disk that is full, without being root.
        let flags = ["--roster", file.to_str().unwrap()];
        let mut server = start_limited(&["--fsize=2000:1000000"], name, &flags);
        let mut client = connect(&server);
        let mut register = |number: usize| {
            let line = format!("REGISTER Student-{number} s{number} g{number}");
            ask(&mut client, &line)
        };
        let taken = (0..)
            .take_while(|number| register(*number) == Reply::ok())
            .count();
        assert!(taken > 5, "{name}: {taken}");
        assert_eq!(names(&file).len(), taken, "{name}");
        let status = Command::new("prlimit")
            .args(["--fsize=1000000", "--pid", &server.pid().to_string()])
            .status();
        assert!(status.unwrap().success());
        assert_eq!(register(taken), Reply::ok());
        assert_eq!(names(&file).len(), taken + 1, "{name}");
        drop(client);
        assert_eq!(server.stop(HUNG).unwrap().code(), Some(0));
        assert_eq!(names(&file).len(), taken + 1, "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_no_roster() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    for name in BOTH {
        for file in [&*fifo, Path::new("/dev/zero"), Path::new("/dev/null")] {
            let refused = start_refused(name, &["--roster", file.to_str().unwrap()]);
            let error = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert_eq!(refused.status.code(), Some(1), "{name}: {error}");
            assert_eq!(error.lines().count(), 1, "{name}: {error}");
            assert!(
                error.contains("it is not a regular file"),
                "{name}: {error}"
            );
        }
    }
}
