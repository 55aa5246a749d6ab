//! Playing a scenario: what is shown, recorded and expected.

use std::{collections::BTreeSet, fs};

use predicates::prelude::*;
use serde_json::Value;
use timeline::record::Record;

use super::lesson::{lesson, sleep_demo};

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
