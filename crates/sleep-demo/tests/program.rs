//! The program from end to end, against the real servers. Judged by order and counts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::{collections::BTreeSet, fs};

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use sleep_demo::record::Record;
use tempfile::TempDir;

/// A at once, B and C while A is served: nothing that takes its own time on a busy machine.
const LESSON: &str = "
title = 't'
lesson = 'l'
minutes = 1
question = 'q'
answer = 'a'
mistake = 'm'
client = [
    { name = 'A', at = '0s', requests = ['SLEEP 600ms'] },
    { name = 'B', at = '100ms', requests = ['PING'] },
    { name = 'C', at = '200ms', requests = ['PING'] },
]
[expect.single-server]
blocked = ['B', 'C']
[expect.threaded-server]
blocked = []
";

/// The lesson as a file; its folder goes away when this is dropped.
fn lesson() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lesson.toml");
    fs::write(&file, LESSON).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (folder, file)
}

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
    sleep_demo(&[])
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
    let (folder, lesson) = lesson();
    let file = folder.path().join("run.json");
    sleep_demo(&[&lesson, "--plain", "--json", file.to_str().unwrap()])
        .assert()
        .success()
        .stdout(predicate::str::contains("behind A (SLEEP 600ms)"));
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
    assert_eq!(order(0), ["A", "B", "C"], "one after another");
    assert_eq!(order(1), ["B", "C", "A"], "as soon as they are done");
}

#[test]
fn every_key_of_the_record_is_documented() {
    fn keys(value: &Value, found: &mut BTreeSet<String>) {
        if let Value::Object(members) = value {
            found.extend(members.keys().cloned());
        }
        let members = value
            .as_object()
            .into_iter()
            .flat_map(|object| object.values());
        let items = value.as_array().into_iter().flatten();
        members.chain(items).for_each(|inner| keys(inner, found));
    }
    let (folder, lesson) = lesson();
    let file = folder.path().join("run.json");
    sleep_demo(&[&lesson, "--json", file.to_str().unwrap()])
        .assert()
        .success();
    let mut found = BTreeSet::new();
    keys(
        &serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap(),
        &mut found,
    );
    let page = fixture::workspace().join("docs/run-record.md");
    let page = fs::read_to_string(page).unwrap();
    for key in found {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
}

#[test]
fn a_server_that_serialises_fails_the_expectation_and_the_chart_says_which() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--server", "threaded-server=single-server"])
        .assert()
        .code(1)
        .stdout(predicate::str::contains(
            "× threaded-server: blocked: expected nobody, observed B, C",
        ));
}

#[test]
fn a_server_beside_the_others_is_held_to_nothing() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--server", "single-server --quiet"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "single-server --quiet · nothing is expected of it",
        ));
}

#[test]
fn a_server_whose_name_is_taken_gets_a_number() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--server", "single-server"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "single-server (2) · nothing is expected of it",
        ));
}

#[test]
fn a_server_that_runs_already_can_be_played_against() {
    let (_folder, lesson) = lesson();
    let server = fixture::start("threaded-server", &[]);
    let address = server.address().to_string();
    sleep_demo(&[&lesson, "--connect", &address])
        .assert()
        .success()
        .stdout(predicate::str::contains(&address))
        .stdout(predicate::str::contains("0 of 2"))
        .stdout(predicate::str::contains("single-server").not());
}

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
            "   B PING                              -    0.50 s",
        ));
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
