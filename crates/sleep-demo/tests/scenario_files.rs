//! Scenario files: what is read, and what is refused with its line, column and what was due.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::{path::Path, time::Duration};

use sleep_demo::scenario::{Folder, Scenario};
use timeline::Places;

/// What every scenario says before its clients.
const HEAD: &str =
    "title='t'\nlesson='l'\nminutes=1\nquestion='q'\nanswer='a'\nmistake='m'\n";

/// A scenario of these clients.
fn scenario(clients: &str) -> Scenario {
    Scenario::parse(Path::new("made-up.toml"), &format!("{HEAD}{clients}")).unwrap()
}

const ONE_CLIENT: &str = "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING']\n";

fn refused(rest: &str) -> String {
    let text = format!("{HEAD}{rest}");
    Scenario::parse(Path::new("lesson.toml"), &text)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_fault_is_told_with_its_place_and_what_was_expected() {
    // The head takes six lines.
    for (rest, place, what) in [
        ("", "lesson.toml:1:1", "missing field `client`"),
        ("client = []", "lesson.toml:7:10", "at least one client"),
        (
            "colour = 'red'",
            "lesson.toml:7:1",
            "unknown field `colour`, expected",
        ),
        ("isolate = 'yes'", "lesson.toml:7:11", "expected a boolean"),
        ("[[client]]\nname = 'A", "lesson.toml:8:", "literal string"),
        (
            "[[client]]\nname = 'A B'\nat = '0s'",
            "lesson.toml:8:8",
            "letters, digits",
        ),
        (
            "[[client]]\nname = 'A'\nat = 'soon'",
            "lesson.toml:9:6",
            "as in 500ms, 2s or 1m",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['']",
            "lesson.toml:10:13",
            "expected a request",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['SAY \"x']",
            "lesson.toml:10:13",
            "unbalanced quotes",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ncount = 0",
            "lesson.toml:10:9",
            "expected 1 to",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ntimes = 0",
            "lesson.toml:10:9",
            "expected 1 to",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nhold = '1 parsec'",
            "lesson.toml:10:8",
            "no duration",
        ),
    ] {
        let error = refused(rest);
        assert!(error.starts_with(place), "{rest:?}: {error}");
        assert!(error.contains(what), "{rest:?}: {error}");
        assert!(!error.contains('\n'), "one line: {error}");
    }
}

#[test]
fn a_name_given_twice_is_refused_where_it_stands() {
    let twice = format!("{ONE_CLIENT}{ONE_CLIENT}");
    assert!(
        refused(&twice).starts_with("lesson.toml:12:8: the client 'A' is given twice")
    );
    let server = "[[server]]\ncommand = 'x'\nplaces = 1\n";
    let twice = format!("{ONE_CLIENT}{server}{server}");
    assert!(
        refused(&twice).starts_with("lesson.toml:15:11: the server 'x' is given twice")
    );
}

#[test]
fn an_expectation_of_nobody_is_refused_where_it_stands() {
    for (expect, place, what) in [
        (
            "[expect.'no server']",
            "11:9",
            "no server is called 'no server'",
        ),
        (
            "[expect.single-server]\nblocked = ['A', 'Z']",
            "12:17",
            "no request is called 'Z'; expected one of A",
        ),
        (
            "[expect.single-server]\nfailed = ['A.2']",
            "12:11",
            "no request is called 'A.2'",
        ),
        (
            "[expect.single-server]\nreplies = { Z = '+OK' }",
            "12:13",
            "no client is called 'Z'",
        ),
        (
            "[expect.single-server]\nslow = true",
            "12:1",
            "unknown field `slow`",
        ),
    ] {
        let error = refused(&format!("{ONE_CLIENT}{expect}"));
        assert!(
            error.starts_with(&format!("lesson.toml:{place}: ")),
            "{error}"
        );
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn places_are_a_number_or_the_word_threads() {
    for (places, accepted) in [
        ("1", true),
        ("'threads'", true),
        ("0", false),
        ("-1", false),
        ("'many'", false),
    ] {
        let text =
            format!("{HEAD}{ONE_CLIENT}[[server]]\ncommand = 'x'\nplaces = {places}");
        let read = Scenario::parse(Path::new("lesson.toml"), &text);
        assert_eq!(read.is_ok(), accepted, "{places}");
    }
}

#[test]
fn what_is_left_out_is_the_two_servers_and_a_lone_connection() {
    let scenario = scenario(ONE_CLIENT);
    let servers: Vec<_> = scenario
        .servers
        .iter()
        .map(|spec| (spec.name.as_str(), spec.places))
        .collect();
    let expected = [
        ("single-server", Places::Limited(1)),
        ("threaded-server", Places::THREADS),
    ];
    assert_eq!(servers, expected);
    assert_eq!(scenario.lesson.name, "made-up");
    assert_eq!(scenario.clients[0].pause, Duration::ZERO);
    assert!(!scenario.clients[0].pipeline && !scenario.isolate);
}

#[test]
fn count_and_times_unfold() {
    let scenario = scenario(
        "[[client]]\nname = 'V'\nat = '1s'\nrequests = ['INCR a', 'INCR b']\ncount = 2\ntimes = 3",
    );
    let names: Vec<&str> = scenario
        .clients
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["V-1", "V-2"]);
    assert_eq!(scenario.clients[1].requests.len(), 6);
    assert_eq!(scenario.clients[1].request_id(5), "V-2.6");
    assert_eq!(scenario.clients[1].requests[5], "INCR b");
}

#[test]
fn at_another_speed_every_time_is_divided_and_the_labels_say_so() {
    let slow = scenario(
        "[[client]]\nname = 'A'\nat = '1s'\nrequests = ['sleep 2s', 'PING']\npause = '3s'\nhold = '4s'",
    );
    let slow = slow.at_speed(0.5).unwrap();
    let client = &slow.clients[0];
    assert_eq!(client.requests, ["SLEEP 4s", "PING"]);
    let times = [client.at, client.pause, client.hold].map(|time| time.as_secs());
    assert_eq!(times, [2, 6, 8]);
}

#[test]
fn every_scenario_of_the_kit_can_be_read() {
    let folder = Folder::new(fixture::workspace().join("demos"));
    let names = folder.names().unwrap();
    assert_eq!(names.first().map(String::as_str), Some("head-of-line"));
    for name in &names {
        let scenario = folder.scenario(name).unwrap();
        assert!(
            scenario.servers.iter().any(|spec| spec.expect.is_some()),
            "{name}"
        );
    }
}

#[test]
fn an_unknown_name_is_answered_with_those_there_are() {
    let folder = Folder::new(fixture::workspace().join("demos"));
    let error = folder.scenario("nonesuch").unwrap_err().to_string();
    assert!(error.contains("no scenario 'nonesuch'"), "{error}");
    assert!(error.contains("head-of-line"), "{error}");
}
