//! What cannot be played: one line that says why, before anything is played.

use std::fs;

use predicates::prelude::*;
use tempfile::TempDir;

use super::lesson::{lesson, sleep_demo};

#[test]
fn names_are_checked_before_the_first_scenario_plays() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "no-such-scenario"])
        .assert()
        .code(2)
        .stdout("");
}

#[test]
fn a_place_that_cannot_be_written_is_found_before_the_play() {
    let (folder, lesson) = lesson();
    let nowhere = folder.path().join("no/such/folder.svg");
    for place in [nowhere.as_path(), folder.path()] {
        sleep_demo(&[&lesson, "--svg", place.to_str().unwrap()])
            .assert()
            .code(3)
            .stdout("")
            .stderr(predicate::str::contains("cannot write"));
    }
    sleep_demo(&[&lesson, "--svg", "-", "--json", "-"])
        .assert()
        .code(2)
        .stdout("");
}

#[test]
fn each_misuse_is_one_line_and_its_exit_status() {
    let folder = TempDir::new().unwrap();
    let lesson = folder.path().join("lesson.toml");
    fs::write(&lesson, "titel = 'x'\n").unwrap();
    let lesson = lesson.to_str().unwrap();
    let nowhere = folder.path().join("no/such/folder.json");
    let export = ["--speed", "20", "--json", nowhere.to_str().unwrap()];
    let cases: [(&[&str], i32, &str); 11] = [
        (&["nonesuch"], 2, "no scenario 'nonesuch'"),
        (
            &[lesson],
            2,
            "lesson.toml:1:1: there is no key 'titel' here. Did you mean 'title'?",
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
        (
            &["head-of-line", "crowd", "--json", "x"],
            2,
            "an export has only one scenario",
        ),
        (
            &["--server", "single-server='x"],
            2,
            "a quote is not closed",
        ),
        (&export, 3, "no/such/folder.json"),
    ];
    for (arguments, status, printed) in cases {
        let assert = sleep_demo(arguments).assert().code(status);
        let stderr = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(
            stderr.starts_with("sleep-demo: "),
            "{arguments:?}: {stderr}"
        );
        assert!(stderr.contains(printed), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{arguments:?}: {stderr}");
    }
}
