//! Behaviour 15 of `docs/reliability.md`: one whole line for each request, before its
//! reply.

use std::{fs, path::Path, process::Command};

use crate::talking::{
    BOTH, HUNG, THREADED, ask, ask_alone, connect, pong, start_limited,
};
use launch::Stream;
use proto::Reply;
use serde_json::Value;

pub(crate) fn entries(log: &Path) -> Vec<Value> {
    let text = fs::read_to_string(log).unwrap();
    assert!(
        text.is_empty() || text.ends_with('\n'),
        "the last line is whole"
    );
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

#[test]
fn an_entry_says_what_was_asked_and_what_came_of_it() {
    for name in BOTH {
        let (_, entries) =
            log_of(name, &["ECHO hi", "RUN false", "NOPE x", "RUN echo out"]);
        let logged = entries.iter().map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap();
            let status = entry["status"].as_i64().unwrap();
            (text("request"), status, text("output"))
        });
        let unknown = "ERR unknown command 'NOPE', with args beginning with: 'x' ";
        assert_eq!(
            logged.collect::<Vec<_>>(),
            [
                ("ECHO hi", 0, "hi"),
                ("RUN false", 1, ""),
                ("NOPE x", 1, unknown),
                ("RUN echo out", 0, "out\\n")
            ]
        );
    }
}

#[test]
fn an_entry_says_who_asked_when_and_which_thread_served() {
    for (name, thread) in [("single-server", "main"), (THREADED, "client-1")] {
        let (address, entries) = log_of(name, &["ECHO hi", "RUN false"]);
        for entry in &entries {
            assert_eq!(entry["client"], address.as_str());
            assert_eq!(entry["thread"], thread);
            assert!(entry["service_us"].is_u64());
            let [started, time] =
                ["started", "time"].map(|key| entry[key].as_str().unwrap());
            for moment in [started, time] {
                let digit = |c: char| if c.is_ascii_digit() { '0' } else { c };
                let shape: String = moment.chars().map(digit).collect();
                assert_eq!(shape, "0000-00-00T00:00:00.000Z");
            }
            assert!(started <= time, "{entry}");
        }
    }
}

/// Asks a server on one connection; returns the client's address and what was logged.
fn log_of(name: &str, requests: &[&str]) -> (String, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = fixture::start(name, &["--log", log.to_str().unwrap()]);
    let mut client = connect(&server);
    for line in requests {
        ask(&mut client, line);
    }
    let address = client.stream().local_addr().unwrap().to_string();
    (address, entries(&log))
}

#[test]
fn what_clients_send_cannot_forge_a_line_or_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = fixture::start(THREADED, &["--log", log.to_str().unwrap()]);
    let hostile: [&[u8]; 4] = [
        b"a\r\n{\"time\":1}",
        b"\x1b[2J\x07",
        b"\xff\xfe",
        &[b'x'; 100_000],
    ];
    for text in hostile {
        connect(&server).request(&[b"ECHO", text]).unwrap();
    }
    server.stop(HUNG).unwrap();
    let entries = entries(&log);
    assert_eq!(entries.len(), hostile.len());
    let written = fs::read(&log).unwrap();
    assert!(
        written
            .iter()
            .all(|byte| *byte == b'\n' || !byte.is_ascii_control())
    );
    let long = entries[3]["output"].as_str().unwrap();
    assert!(
        long.len() < 2_000 && long.contains("bytes)"),
        "cut, and marked as cut"
    );
    for line in server.output() {
        assert!(!line.text.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn the_log_is_appended_to() {
    for name in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        for _ in 0..2 {
            let mut server = fixture::start(name, &["--log", log.to_str().unwrap()]);
            ask_alone(&server, "PING");
            server.stop(HUNG).unwrap();
        }
        assert_eq!(entries(&log).len(), 2);
    }
}

#[test]
fn a_line_that_a_full_disk_cut_off_is_taken_back_and_the_next_one_stands_alone() {
    for name in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        // What a server that was cut off left: it is ended, and not added to.
        fs::write(&log, "{\"half").unwrap();
        let flags = ["--log", log.to_str().unwrap()];
        // A file that may not grow is a disk that is full, without being root.
        let mut server = start_limited(&["--fsize=2000:1000000"], name, &flags);
        let mut client = connect(&server);
        for _ in 0..30 {
            assert_eq!(ask(&mut client, "PING"), pong(), "{name}");
        }
        let status = Command::new("prlimit")
            .args(["--fsize=1000000", "--pid", &server.pid().to_string()])
            .status();
        assert!(status.unwrap().success());
        for _ in 0..3 {
            assert_eq!(
                ask(&mut client, "ECHO \"there is room\""),
                Reply::Bulk(b"there is room".to_vec())
            );
        }
        drop(client);
        assert_eq!(server.stop(HUNG).unwrap().code(), Some(0), "{name}");
        let text = fs::read_to_string(&log).unwrap();
        let (half, whole) = text.split_once('\n').unwrap();
        assert_eq!(half, "{\"half");
        for line in whole.lines() {
            assert!(
                serde_json::from_str::<Value>(line).is_ok(),
                "{name}: {line}"
            );
        }
        let late = whole.lines().filter(|line| line.contains("there is room"));
        assert_eq!(late.count(), 3, "{name}: {whole}");
        let lost = 33 - whole.lines().count();
        assert!(lost > 10, "{name}: {lost}");
        let warnings = server.lines(Stream::Stderr);
        assert_eq!(warnings.len(), 2, "{name}: {warnings:?}");
        let counted = format!("0 console lines and {lost} log lines were lost");
        assert!(warnings[1].contains(&counted), "{name}: {warnings:?}");
    }
}
