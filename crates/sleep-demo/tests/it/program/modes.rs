//! The other ways to run it: predictions, steps, lists, some servers only.

use std::{fs, os::unix::fs::symlink};

use predicates::prelude::*;

use super::lesson::{LESSON, lesson, sleep_demo};

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
    let arguments = ["head-of-line", "--predict", "--speed", "5", "--width", "80"];
    let played = sleep_demo(&arguments).assert().get_output().clone();
    let shown = String::from_utf8(played.stdout).unwrap();
    // A machine that stands still needs other sentences, and room for them.
    let verdicts = [
        "single-server answered B, C and D only after A.\n",
        "threaded-server answered B, C and D while A was still being served.\n",
    ];
    let is_decided = verdicts.iter().all(|verdict| shown.contains(verdict));
    // Two rows more: how many predictions were right, and the shell's prompt.
    let rows = shown.lines().count() + 2;
    assert!(rows <= if is_decided { 24 } else { 30 }, "{shown}");
}

#[test]
fn each_step_waits_for_enter_and_the_servers_play_in_turn() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--step"])
        .write_stdin("\n\n\n\n")
        .assert()
        .success()
        .stderr(
            "t\nQuestion\n    q\n\
             Enter plays single-server: \nEnter plays threaded-server: \n\
             Enter shows the verdict: \n\
             Enter shows the answer: \nAnswer\n    a\nThe usual wrong answer\n    m\n",
        );
}

#[test]
fn what_a_server_needs_and_is_not_installed_skips_it_with_a_line() {
    let (_folder, lesson) = lesson();
    let server = "[[server]]\ncommand = 'x'\nplaces = 1\nneeds = 'no-such-program'\n";
    let text = LESSON.split("[expect").next().unwrap().to_owned() + server;
    fs::write(&lesson, text).unwrap();
    sleep_demo(&[&lesson]).assert().code(3).stderr(
        "sleep-demo: lesson was not played: skipped x: no-such-program is not \
         installed\n",
    );
}

#[test]
fn only_the_servers_that_are_named_are_played() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--only", "threaded-server", "--plain"])
        .assert()
        .success()
        .stdout(predicate::str::contains("threaded-server"))
        .stdout(predicate::str::contains("single-server").not());
    sleep_demo(&[&lesson, "--only", "threaded-server,other"])
        .assert()
        .code(2)
        .stderr(
            "sleep-demo: --only: lesson has no server 'other'; \
             it has single-server, threaded-server\n",
        );
}

#[test]
fn an_export_to_standard_output_stands_there_alone() {
    let (_folder, lesson) = lesson();
    let played = sleep_demo(&[&lesson, "--json", "-"]).assert().success();
    let record: Result<timeline::record::Record, _> =
        serde_json::from_slice(&played.get_output().stdout);
    assert_eq!(record.unwrap().scenario.name, "lesson");
}

#[test]
fn a_server_starts_in_the_folder_of_the_one_who_named_it() {
    let (folder, lesson) = lesson();
    let server = fixture::program("threaded-server");
    let here = folder.path().join("here");
    fs::create_dir(&here).unwrap();
    symlink(&server, folder.path().join("theirs")).unwrap();
    let script = format!("exec '{}' \"$@\"\n", server.display());
    fs::write(here.join("mine.sh"), script).unwrap();
    let clients = LESSON.split("[expect").next().unwrap();
    let servers = "[[server]]\ncommand = './theirs'\nplaces = 'threads'\n";
    fs::write(&lesson, format!("{clients}{servers}")).unwrap();
    sleep_demo(&[&lesson, "--server", "sh mine.sh"])
        .current_dir(&here)
        .assert()
        .success();
    sleep_demo(&["../lesson.toml"])
        .current_dir(&here)
        .assert()
        .success();
}

#[test]
fn the_command_that_an_explanation_ends_with_plays_the_scenario() {
    let (folder, _) = lesson();
    sleep_demo(&["--explain", "./lesson.toml"])
        .current_dir(folder.path())
        .assert()
        .stdout(predicate::str::contains(
            "play it: scripts/demo.sh ./lesson.toml\n",
        ));
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
