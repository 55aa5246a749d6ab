//! The other ways to run it: several runs, predictions, steps, lists, misuse.

use std::fs;

use predicates::prelude::*;
use tempfile::TempDir;

use super::lesson::{LESSON, lesson, sleep_demo};

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
            "2 of 2 runs showed what was expected",
        ))
        .stderr("sleep-demo: run 1 of 2: held\nsleep-demo: run 2 of 2: held\n");
    sleep_demo(&[
        &lesson,
        "--repeat",
        "2",
        "--server",
        "threaded-server=single-server",
    ])
    .assert()
    .code(1)
    .stdout(predicate::str::contains(
        "0 of 2 runs showed what was expected, not in runs 1, 2",
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
    let arguments = ["head-of-line", "--predict", "--speed", "5", "--width", "80"];
    let played = sleep_demo(&arguments).assert().get_output().clone();
    let shown = String::from_utf8(played.stdout).unwrap();
    // A machine that stands still needs a sentence more, and may have it.
    let is_decided = !shown.contains("cannot be seen");
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
    sleep_demo(&[&lesson]).assert().code(3).stderr(
        "sleep-demo: lesson was not played: skipped x: no-such-program is not installed\n",
    );
}

/// A folder with `first.toml`, which can be played, `second.toml` with this text, and
/// `third.toml`, which can be played, too.
fn course(second: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("first", LESSON), ("second", second), ("third", LESSON)] {
        fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    folder
}

#[test]
fn a_scenario_that_cannot_be_played_does_not_keep_the_others_from_it() {
    let clients = LESSON.split("[expect").next().unwrap();
    for (second, status, summary) in [
        ("title = 1".to_owned(), 2, "not played: "),
        (
            format!("{clients}[[server]]\ncommand = 'no-such-server'\nplaces = 1\n"),
            3,
            "not played: ",
        ),
        (
            format!("{clients}[[server]]\ncommand = 'false'\nplaces = 1\n"),
            4,
            "not played: ",
        ),
        (
            format!(
                "{clients}[[server]]\ncommand = 'x'\nplaces = 1\nneeds = 'no-such-program'\n"
            ),
            0,
            "skipped x: no-such-program is not installed",
        ),
    ] {
        let folder = course(&second);
        let played = sleep_demo(&["--all"])
            .env("SLEEP_DEMO_SCENARIOS", folder.path())
            .assert()
            .code(status);
        let shown = String::from_utf8(played.get_output().stdout.clone()).unwrap();
        for line in [" first            held", " third            held"] {
            assert!(shown.lines().any(|one| one == line), "{shown}");
        }
        assert!(
            shown.contains(&format!(" second           {summary}")),
            "{shown}"
        );
    }
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
    for script in [folder.path().join("theirs.sh"), here.join("mine.sh")] {
        fs::write(script, format!("exec '{}' \"$@\"\n", server.display())).unwrap();
    }
    let clients = LESSON.split("[expect").next().unwrap();
    let servers = "[[server]]\ncommand = 'sh theirs.sh'\nplaces = 'threads'\n";
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
            "play it with: sleep-demo ./lesson.toml\n",
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
