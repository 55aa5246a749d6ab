//! Each format keeps its own rules: schemas, and a parser that others wrote.

use grader::{Entry, Expectation, Failure, Format, Report, Verdict};
use junit_parser::TestStatus;
use launch::{OutputLine, Stream};
use serde_json::{Value, json};

/// One entry for each verdict; the server printed what breaks careless formats.
fn report() -> Report {
    let nasty = "<b>\"&'\u{1b}[31m\0 ]]> \u{ffff} ü".to_owned();
    let entry = |name, verdict| Entry {
        name,
        title: format!("what {name} asks for, {nasty}"),
        points: 3,
        verdict,
    };
    let failure = Failure {
        server: "it runs".to_owned(),
        printed: vec![OutputLine {
            stream: Stream::Stderr,
            text: nasty.clone(),
            goes_on: false,
        }],
        did: "A sent SLEEP 2s".to_owned(),
        expected: "B is answered".to_owned(),
        observed: nasty.clone(),
        means: "one at a time".to_owned(),
        seen: Some(Box::new(grader::Sighting {
            text: "B is in the backlog; 1 thread: the one that runs main reads from A"
                .to_owned(),
            print: "backlog".to_owned(),
        })),
        like: vec!["handler-called".to_owned(), "join-at-once".to_owned()],
        is_lost: false,
        is_begun: false,
        likely_causes: vec!["a lock guard".to_owned(), "a join".to_owned()],
    };
    let reason = "the host stalled".to_owned();
    Report {
        server: format!("server {nasty}"),
        expectation: Expectation::Concurrent,
        repeat: "grader --only CHECK server".to_owned(),
        summary: Some(format!("your server ended, {nasty}")),
        entries: vec![
            entry(
                "idle",
                Verdict::Passed {
                    note: "seen".to_owned(),
                },
            ),
            entry("slow", Verdict::Failed(failure)),
            entry(
                "cross-talk",
                Verdict::Skipped {
                    reason: reason.clone(),
                },
            ),
            entry("log", Verdict::Inconclusive { reason }),
            entry("drain", Verdict::Unfinished),
        ],
    }
}

pub(super) fn conforms(schema: &str, text: &str) -> Value {
    let schema = serde_json::from_str(schema).unwrap();
    let value = serde_json::from_str(text).unwrap();
    assert_eq!(fixture::schema_faults(&schema, &value), [""; 0], "{text}");
    value
}

#[test]
fn json_keeps_its_schema() {
    let text = report().render(Format::Json);
    let value = conforms(include_str!("../../report.schema.json"), &text);
    assert_eq!(
        (&value["score"], &value["max_score"]),
        (&3.into(), &15.into())
    );
    assert_eq!(value["conclusive"], false);
    let repeat = &value["checks"][1]["failure"]["repeat"];
    assert_eq!(repeat, "grader --only slow server");

    let schema = serde_json::from_str(include_str!("../../report.schema.json")).unwrap();
    for (pointer, broken) in [
        ("/expect", json!("limit=many")),
        ("/checks/0/note", json!(null)),
        ("/checks/1", json!({ "name": "slow" })),
        ("/checks/1/failure/like", json!("one")),
    ] {
        let mut bad = value.clone();
        *bad.pointer_mut(pointer).unwrap() = broken;
        assert_ne!(fixture::schema_faults(&schema, &bad), [""; 0], "{pointer}");
    }
}

#[test]
fn gradescope_gets_points_for_each_test_and_no_other_score() {
    let text = report().render(Format::Gradescope);
    let value = conforms(include_str!("gradescope.schema.json"), &text);
    assert_eq!(value.get("score"), None);
    let tests = value["tests"].as_array().unwrap();
    let statuses: Vec<_> = tests.iter().map(|test| test["status"].as_str()).collect();
    assert_eq!(
        statuses,
        [Some("passed"), Some("failed"), Some("failed"), None, None]
    );
    assert!(value["output"].as_str().unwrap().starts_with("REGRADE"));
}

#[test]
fn junit_is_read_by_a_parser_that_others_wrote() {
    let text = report().render(Format::Junit);
    let suites = junit_parser::from_reader(text.as_bytes()).unwrap();
    let suite = &suites.suites[0];
    assert_eq!(
        (suite.tests, suite.failures, suite.errors, suite.skipped),
        (5, 1, 2, 1)
    );
    // A format without points: they stand beside.
    for property in [
        "<property name=\"score\" value=\"3\"/>",
        "<property name=\"max_score\" value=\"15\"/>",
        "<property name=\"points.slow\" value=\"0/3\"/>",
    ] {
        assert!(text.contains(property), "{text}");
    }
    let statuses: Vec<_> = suite.cases.iter().map(|case| &case.status).collect();
    assert!(matches!(
        statuses.as_slice(),
        [
            TestStatus::Success,
            TestStatus::Failure(_),
            TestStatus::Skipped(_),
            TestStatus::Error(_),
            TestStatus::Error(_),
        ]
    ));
    let TestStatus::Failure(failure) = statuses[1] else {
        unreachable!()
    };
    assert!(failure.text.contains("A sent SLEEP 2s"), "{failure:?}");
}

#[test]
fn a_line_of_standard_error_is_shown_before_a_flood_of_standard_output() {
    let mut report = report();
    let Verdict::Failed(failure) = &mut report.entries[1].verdict else {
        unreachable!()
    };
    failure.printed[0].text = "fatal error".to_owned();
    let line = |number| OutputLine {
        stream: Stream::Stdout,
        text: format!("line {number}"),
        goes_on: false,
    };
    failure.printed.extend((0..20).map(line));
    let text = report.render(Format::Text);
    assert!(text.contains("fatal error  (standard error)"), "{text}");
    assert!(
        text.contains("line 19") && !text.contains("line 11"),
        "{text}"
    );
}

#[test]
fn a_failed_check_says_what_was_done_seen_and_meant() {
    let text = report().render(Format::Text);
    let names = [
        "server",
        "printed",
        "did",
        "expected",
        "observed",
        "means",
        "seen",
        "like",
        "likely cause",
        "likely cause",
        "run again",
    ];
    let account: Vec<_> = text
        .lines()
        .skip_while(|line| !line.starts_with("FAIL"))
        .collect();
    for (name, line) in names.iter().zip(account.iter().skip(1)) {
        assert!(line.trim_start().starts_with(name), "{name}: {line}");
    }
    let like = "demos/faulty-servers/src/bin/handler-called.rs, or join-at-once.rs";
    for format in [Format::Text, Format::Gradescope, Format::Junit] {
        let shown = report().render(format);
        assert!(
            shown.contains("B is in the backlog") && shown.contains(like),
            "{shown}"
        );
    }
    let json = report().render(Format::Json);
    assert!(json.contains("\"seen\": \"B is in the backlog"), "{json}");
    assert!(json.contains("\"handler-called\""), "{json}");
    assert!(
        !text.contains('\u{1b}'),
        "an escape sequence reaches the terminal"
    );
}
