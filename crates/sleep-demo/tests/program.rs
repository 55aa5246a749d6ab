//! The program from end to end, against the real servers, at ten times the speed. Judged by
//! order and counts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;

use assert_cmd::Command;
use predicates::prelude::*;
use sleep_demo::record::Record;
use tempfile::TempDir;

/// `sleep-demo` with these arguments, and servers that are as new as their sources.
fn sleep_demo(arguments: &[&str]) -> Command {
    for server in ["single-server", "threaded-server"] {
        assert!(fixture::program(server).exists());
    }
    let mut command = Command::new(fixture::program("sleep-demo"));
    command
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL");
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    command.env_remove("SLEEP_DEMO_SCENARIOS");
    command
}

#[test]
fn the_bystanders_are_blocked_by_the_single_server_and_not_by_the_threaded() {
    sleep_demo(&["--speed", "10"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            " blocked clients                    3 of 3            0 of 3",
        ))
        .stdout(predicate::str::contains("\x1b").not())
        .stderr("");
}

#[test]
fn the_record_holds_the_order_of_replies() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("run.json");
    sleep_demo(&["--speed", "10", "--plain", "--json", file.to_str().unwrap()])
        .assert()
        .success()
        .stdout(predicate::str::contains("behind A (SLEEP 200ms)"));
    let record: Record =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((record.version, record.runs.len()), (1, 1));
    let order = |server: usize| {
        let server = &record.runs[0].servers[server];
        let mut replies: Vec<_> = server
            .requests()
            .map(|(_, request)| (request.replied_us.unwrap(), request.id.as_str()))
            .collect();
        replies.sort_unstable();
        replies.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    };
    assert_eq!(order(0), ["A", "B", "C", "D"], "one after another");
    assert_eq!(order(1), ["B", "C", "D", "A"], "as soon as they are done");
}

#[test]
fn a_server_that_serialises_fails_the_expectation_and_the_chart_says_which() {
    sleep_demo(&["--speed", "10", "--server", "threaded-server=single-server"])
        .assert()
        .code(1)
        .stdout(predicate::str::contains(
            "× threaded-server: blocked: expected nobody, observed B, C, D",
        ));
}

#[test]
fn a_server_beside_the_others_is_held_to_nothing() {
    sleep_demo(&["--speed", "10", "--server", "single-server --quiet"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "single-server --quiet · nothing is expected of it",
        ));
}

#[test]
fn a_server_that_runs_already_can_be_played_against() {
    let server = fixture::start("threaded-server", &[]);
    let address = server.address().to_string();
    sleep_demo(&["--speed", "10", "--connect", &address])
        .assert()
        .success()
        .stdout(predicate::str::contains(&address))
        .stdout(predicate::str::contains("0 of 3"))
        .stdout(predicate::str::contains("single-server").not());
}

#[test]
fn each_misuse_is_one_line_and_its_exit_status() {
    let folder = TempDir::new().unwrap();
    let lesson = folder.path().join("lesson.toml");
    fs::write(&lesson, "titel = 'x'\n").unwrap();
    let lesson = lesson.to_str().unwrap();
    let nowhere = folder.path().join("no/such/folder.json");
    let export = ["--speed", "10", "--json", nowhere.to_str().unwrap()];
    let cases: [(&[&str], i32, &str); 9] = [
        (&["nonesuch"], 2, "no scenario 'nonesuch'"),
        (
            &[lesson],
            2,
            "lesson.toml:1:1: unknown field `titel`, expected one of",
        ),
        (
            &["no/such.toml"],
            2,
            "cannot read the scenario no/such.toml",
        ),
        (&["--speed", "0"], 2, "--speed: cannot play at speed 0"),
        (
            &["--server", "fast=x"],
            2,
            "--server: head-of-line has no server 'fast'",
        ),
        (
            &["--server", "single-server=no-such-program"],
            3,
            "no program 'no-such-program'",
        ),
        (
            &["--server", "single-server=true"],
            4,
            "'true' ended with exit status: 0",
        ),
        (
            &["--connect", "127.0.0.1:1"],
            4,
            "cannot connect to 127.0.0.1:1",
        ),
        (&export, 3, "no/such/folder.json"),
    ];
    for (arguments, status, told) in cases {
        let assert = sleep_demo(arguments).assert().code(status);
        let stderr = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(
            stderr.starts_with("sleep-demo: "),
            "{arguments:?}: {stderr}"
        );
        assert!(stderr.contains(told), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{arguments:?}: {stderr}");
    }
}
