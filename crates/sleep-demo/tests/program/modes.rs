//! The other ways to run it: several runs, predictions, steps, lists, misuse.

use std::fs;

use predicates::prelude::*;
use tempfile::TempDir;

use crate::lesson::{LESSON, lesson, sleep_demo};

#[test]
fn several_runs_show_medians_and_the_spread() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--repeat", "2"])
        .assert()
        .success()
        .stdout(predicate::str::contains("2 runs of lesson"))
        .stdout(predicate::str::contains(
            "of the queue model; the worst of 12 within",
        ))
        .stdout(predicate::str::contains(
            "what was expected held in 2 of 2 runs",
        ));
}

#[test]
fn without_a_terminal_a_prediction_is_the_models() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--predict"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            " B PING                         -  0.50 s",
        ));
}

#[test]
fn a_prediction_fits_the_24_rows_of_a_projector() {
    let arguments = [
        "head-of-line",
        "--predict",
        "--speed",
        "20",
        "--width",
        "80",
    ];
    let played = sleep_demo(&arguments).assert().get_output().clone();
    let shown = String::from_utf8(played.stdout).unwrap();
    // Two rows more: how many predictions were right, and the shell's prompt.
    assert!(shown.lines().count() + 2 <= 24, "{shown}");
}

#[test]
fn each_step_waits_for_enter_and_the_servers_play_in_turn() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--step"])
        .write_stdin("\n\n\n")
        .assert()
        .success()
        .stderr(
            "Enter plays single-server: \nEnter plays threaded-server: \n\
             Enter shows the verdict: \n",
        );
}

#[test]
fn several_scenarios_are_named_and_their_fates_told() {
    let (_folder, one) = lesson();
    let (_other_folder, other) = lesson();
    sleep_demo(&[&one, &other, "--server", "threaded-server=single-server"])
        .assert()
        .code(1)
        .stdout(predicate::str::contains("did not hold").count(2));
}

#[test]
fn what_a_server_needs_and_is_not_installed_skips_it_with_a_line() {
    let (_folder, lesson) = lesson();
    let server = "[[server]]\ncommand = 'x'\nplaces = 1\nneeds = 'no-such-program'\n";
    let text = LESSON.split("[expect").next().unwrap().to_owned() + server;
    fs::write(&lesson, text).unwrap();
    sleep_demo(&[&lesson])
        .assert()
        .success()
        .stderr("sleep-demo: skipped x: no-such-program is not installed\n");
}

#[test]
fn the_catalogue_lists_and_explains() {
    sleep_demo(&["--list"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "head-of-line      5 min  One slow request",
        ));
    let narrow = sleep_demo(&["--list", "--width", "60"]).assert().success();
    let narrow = String::from_utf8(narrow.get_output().stdout.clone()).unwrap();
    assert!(narrow.lines().all(|line| line.chars().count() <= 60));
    sleep_demo(&["--explain", "lost-update"])
        .assert()
        .success()
        .stdout(predicate::str::contains("Rust forbids data races: so why"))
        .stdout(predicate::str::contains("The usual wrong answer"));
}

#[test]
fn the_doctor_finds_the_servers_and_says_why_there_is_no_colour() {
    sleep_demo(&["--doctor"])
        .assert()
        .success()
        .stdout(predicate::str::contains(" ok  single-server"))
        .stdout(predicate::str::contains("off, because it is no terminal"));
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
        (
            &["head-of-line", "crowd", "--json", "x"],
            2,
            "an export holds one scenario",
        ),
        (
            &["--server", "single-server='x"],
            2,
            "a quote is not closed",
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
