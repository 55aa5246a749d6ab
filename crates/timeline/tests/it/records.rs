//! Records that anybody may have written: what is read, and what is refused with its
//! place.

use serde_json::{Value, json};
use timeline::record::Record;

use crate::made_up::{HEAD_OF_LINE, record};

fn head_of_line() -> Value {
    serde_json::to_value(record(HEAD_OF_LINE)).unwrap()
}

/// What reading the record says after this value of it has been replaced.
fn refused(pointer: &str, value: Value) -> String {
    let mut record = head_of_line();
    *record.pointer_mut(pointer).unwrap() = value;
    let json = serde_json::to_vec_pretty(&record).unwrap();
    let error = Record::read(&json).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn what_was_written_is_read_back() {
    let record = record(HEAD_OF_LINE);
    let json = serde_json::to_vec_pretty(&record).unwrap();
    assert_eq!(Record::read(&json), Ok(record));
}

#[test]
fn keys_that_nobody_knows_are_left_aside() {
    let mut json = head_of_line();
    json["samples"] = json!({ "threads": [1, 2, 3] });
    json["runs"][0]["servers"][0]["backlog"] = json!([[0, 1]]);
    assert!(Record::read(json.to_string().as_bytes()).is_ok());
}

#[test]
fn a_value_that_no_run_has_shown_is_refused_with_its_place() {
    let request = "/runs/0/servers/1/connections/2/requests/0";
    let of = |key: &str| format!("{request}/{key}");
    for (pointer, value, place, what) in [
        (
            "/version".to_owned(),
            json!(99),
            ".version: ",
            "replay it with sleep-demo",
        ),
        ("/version".to_owned(), json!(0), ".version: ", "version 0"),
        ("/version".to_owned(), json!("1"), "line ", "expected u64"),
        (
            "/version".to_owned(),
            Value::Null,
            "not a run record",
            "no 'version'",
        ),
        (
            "/runs".to_owned(),
            json!([]),
            ".runs: ",
            "expected at least one",
        ),
        (
            "/runs".to_owned(),
            json!("none"),
            "line ",
            "expected a sequence",
        ),
        (
            "/runs/0/servers".to_owned(),
            json!([]),
            ".runs[0].servers: ",
            "no server",
        ),
        (
            "/runs/0/servers/0/connections".to_owned(),
            json!(1_000_000_000),
            "line ",
            "expected a sequence",
        ),
        ("/speed".to_owned(), json!(-1.0), ".speed: ", "more than 0"),
        ("/cores".to_owned(), json!(-1), "line ", "expected usize"),
        (of("sent_us"), json!("soon"), "line ", "expected u64"),
        (
            of("sent_us"),
            Value::Null,
            ".runs[0].servers[1].connections[2].requests[0].replied_us: ",
            "never sent",
        ),
        (
            of("sent_us"),
            json!(399_999),
            ".runs[0].servers[1].connections[2].requests[0].sent_us: ",
            "399999 is before opened_us at 400000",
        ),
        (
            of("replied_us"),
            json!(400),
            ".runs[0].servers[1].connections[2].requests[0].replied_us: ",
            "400 is before opened_us",
        ),
        (
            of("replied_us"),
            json!(u64::MAX),
            ".runs[0].servers[1].connections[2].requests[0].replied_us: ",
            "expected at most",
        ),
        (
            of("service_us"),
            json!(u64::MAX),
            ".runs[0].servers[1].connections[2].requests[0].service_us: ",
            "expected at most",
        ),
        (
            of("model/waited_us"),
            json!(u64::MAX),
            ".runs[0].servers[1].connections[2].requests[0].model.waited_us: ",
            "expected at most",
        ),
        (
            "/runs/0/servers/0/connections/0/closed_us".to_owned(),
            json!(1),
            ".runs[0].servers[0].connections[0].closed_us: ",
            "1 is before replied_us",
        ),
        (
            "/runs/0/servers/0/connections/0/due_us".to_owned(),
            json!(u64::MAX),
            ".runs[0].servers[0].connections[0].due_us: ",
            "expected at most",
        ),
    ] {
        let error = refused(&pointer, value);
        assert!(error.starts_with(place), "{error}");
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn what_is_no_record_is_refused_in_one_short_line() {
    let long = format!("{{\"version\": \"{}\"}}", "\\u001b[2J".repeat(10_000));
    let deep = "[".repeat(100_000);
    let deeper = format!("{{\"version\":1,\"runs\":{deep}");
    for (text, what) in [
        ("", "empty"),
        (" \n", "empty"),
        ("{", "cut short"),
        ("null", "a run record"),
        ("[]", "a run record"),
        (
            "{\"name\": \"kit\", \"dependencies\": {}}",
            "not a run record",
        ),
        ("digraph { a -> b }", "no JSON"),
        ("\u{feff}{}", "no JSON"),
        (&long, "expected u64"),
        (&deep, "line 1, column"),
        (&deeper, "cut short"),
    ] {
        let error = Record::read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
        assert!(
            error.len() < 300 && !error.contains(char::is_control),
            "{error}"
        );
    }
    assert!(Record::read(&[0xff, 0xfe, 0x00]).is_err());
    let whole = serde_json::to_vec_pretty(&head_of_line()).unwrap();
    for end in (0..whole.len()).step_by(7) {
        assert!(Record::read(&whole[..end]).is_err(), "cut at {end}");
    }
}
