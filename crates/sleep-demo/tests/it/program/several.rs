//! Several runs of one scenario, and several scenarios.

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
        .stderr(
            "sleep-demo: run 1 of 2: as expected\nsleep-demo: run 2 of 2: as expected\n",
        );
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
fn several_scenarios_are_named_and_their_fates_told() {
    let (_folder, one) = lesson();
    let (_other_folder, other) = lesson();
    sleep_demo(&[&one, &other, "--server", "threaded-server=single-server"])
        .assert()
        .code(1)
        .stdout(predicate::str::contains("not as expected").count(2));
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
                "{clients}[[server]]\ncommand = 'x'\nplaces = 1\nneeds = \
                 'no-such-program'\n"
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
        for line in [
            " first            as expected",
            " third            as expected",
        ] {
            assert!(shown.lines().any(|one| one == line), "{shown}");
        }
        assert!(
            shown.contains(&format!(" second           {summary}")),
            "{shown}"
        );
    }
}
