//! Scenario files that are refused, each with its line, its column and what was due.

use std::path::Path;

use sleep_demo::scenario::Scenario;

use crate::scenario_files::{HEAD, ONE_CLIENT};

pub(crate) fn refused(rest: &str) -> String {
    let text = format!("{HEAD}{rest}");
    Scenario::parse(Path::new("lesson.toml"), &text)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_fault_is_told_with_its_place_and_what_was_expected() {
    // The head takes six lines.
    for (rest, place, what) in [
        (
            "",
            "lesson.toml:1:1",
            "the key 'client' is missing; write [[client]]",
        ),
        ("client = []", "lesson.toml:7:10", "at least one client"),
        (
            "colour = 'red'",
            "lesson.toml:7:1",
            "there is no key 'colour' here. The keys are title,",
        ),
        (
            "isolate = 'yes'",
            "lesson.toml:7:11",
            "'isolate' takes true or false; write isolate = true",
        ),
        (
            "[[client]]\nname = 'A",
            "lesson.toml:8:10",
            "write name = \"A\"",
        ),
        (
            "[[client]]\nname = 'A B'\nat = '0s'",
            "lesson.toml:8:8",
            "letters, digits",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\npipeline = true\nread_delay = '1s'",
            "lesson.toml:11:14",
            "remove one of the two",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ncount = 0",
            "lesson.toml:10:9",
            "'count' takes 1 to 10000; write count = 2",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ngap = '1s'",
            "lesson.toml:10:7",
            "write count = 2 as well",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nwhere = true",
            "lesson.toml:10:1",
            "'where' belongs to the file, not to a table; write",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\n[expect.pool of 2]\nblocked = []",
            "lesson.toml:10:13",
            "write [expect.\"pool of 2\"]",
        ),
        (
            "[[client]]\nname = 'A'\nat = 'soon'",
            "lesson.toml:9:6",
            "such as 500ms, 2s or 1m",
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
            "takes 1 to",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ntimes = 0",
            "lesson.toml:10:9",
            "takes 1 to",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nhold = '1 parsec'",
            "lesson.toml:10:8",
            "is not a duration",
        ),
    ] {
        let error = refused(rest);
        assert!(error.starts_with(place), "{rest:?}: {error}");
        assert!(error.contains(what), "{rest:?}: {error}");
        assert!(!error.contains('\n'), "one line: {error}");
    }
}

#[test]
fn what_would_fill_the_memory_or_the_week_is_refused() {
    let client = "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING']\n";
    for (rest, what) in [
        (
            "count = 10000\ntimes = 100000",
            "at most 1000000 requests in all",
        ),
        ("count = 10001", "takes 1 to 10000"),
        ("pause = '25h'", "longer than a day"),
        ("hold = '600000000years'", "longer than a day"),
        ("count = 9\ngap = '1day'", "after more than a day"),
    ] {
        let error = refused(&format!("{client}{rest}"));
        assert!(error.contains(what), "{rest:?}: {error}");
    }
}

#[test]
fn a_name_that_count_makes_is_taken_in_either_order() {
    let one = "[[client]]\nname = 'A-2'\nat = '0s'\n";
    let many = "[[client]]\nname = 'A'\nat = '0s'\ncount = 2\n";
    for rest in [format!("{one}{many}"), format!("{many}{one}")] {
        let error = refused(&rest);
        assert!(error.contains("the client 'A-2' is given twice"), "{error}");
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
fn two_clients_in_single_brackets_get_the_second_pair_and_not_the_advice_to_go() {
    let single = ONE_CLIENT.replace("[[client]]", "[client]");
    let error = refused(&format!("{single}{single}"));
    assert!(error.contains("write [[client]]"), "{error}");
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
            "there is no key 'slow' here",
        ),
        (
            "[expect]\nblocked = ['A']",
            "12:12",
            "'expect' takes a table for each server; write [expect.single-server]",
        ),
        (
            "[[client]]\nname = 'H'\nat = '0s'\n[expect.single-server]\nblocked = ['H']",
            "15:12",
            "no request is called 'H'; expected one of A",
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
