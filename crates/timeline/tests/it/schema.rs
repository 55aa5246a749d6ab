//! `docs/run-record.schema.json` holds for every record that the kit carries or writes.

use std::fs;

use serde_json::{Value, json};

use crate::made_up::{HEAD_OF_LINE, record};

/// The words of JSON Schema that the schema of the record uses, and so this test knows.
const KNOWN: [&str; 17] = [
    "$schema",
    "$defs",
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "description",
    "enum",
    "exclusiveMinimum",
    "items",
    "maximum",
    "minItems",
    "minimum",
    "properties",
    "required",
    "title",
    "type",
];

fn schema() -> Value {
    let file = fixture::workspace().join("docs/run-record.schema.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("the type {name} is unknown"),
    }
}

/// Adds a line to `faults` for each rule of this part of the schema that the value
/// breaks, and for each key that no rule mentions.
fn check(
    root: &Value,
    rules: &Value,
    value: &Value,
    place: &str,
    faults: &mut Vec<String>,
) {
    if let Some(name) = rules["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return check(root, target, value, place, faults);
    }
    for word in rules.as_object().unwrap().keys() {
        assert!(
            KNOWN.contains(&word.as_str()),
            "this test does not know {word}"
        );
    }
    let number = value.as_f64().unwrap_or_default();
    let one_of = |part: &Value| {
        let mut faults = Vec::new();
        check(root, part, value, place, &mut faults);
        faults.is_empty()
    };
    let holds = [
        match &rules["type"] {
            Value::String(name) => is_of_type(value, name),
            Value::Array(names) => names
                .iter()
                .any(|name| is_of_type(value, name.as_str().unwrap())),
            _ => true,
        },
        rules["const"].is_null() || rules["const"] == *value,
        rules["enum"]
            .as_array()
            .is_none_or(|all| all.contains(value)),
        rules["minimum"]
            .as_f64()
            .is_none_or(|least| number >= least),
        rules["maximum"].as_f64().is_none_or(|most| number <= most),
        rules["exclusiveMinimum"]
            .as_f64()
            .is_none_or(|least| number > least),
        rules["anyOf"]
            .as_array()
            .is_none_or(|parts| parts.iter().any(one_of)),
        rules["minItems"].as_u64().is_none_or(|least| {
            value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= least)
        }),
    ];
    if holds.contains(&false) {
        faults.push(format!("{place}: {value}"));
    }
    check_parts(root, rules, value, place, faults);
}

/// The same for the items of an array and the keys of an object.
fn check_parts(
    root: &Value,
    rules: &Value,
    value: &Value,
    place: &str,
    faults: &mut Vec<String>,
) {
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check(
            root,
            &rules["items"],
            item,
            &format!("{place}[{index}]"),
            faults,
        );
    }
    let (Some(object), true) = (value.as_object(), rules["type"] == "object") else {
        return;
    };
    for key in rules["required"].as_array().into_iter().flatten() {
        if !object.contains_key(key.as_str().unwrap()) {
            faults.push(format!("{place}: {key} is missing"));
        }
    }
    for (key, part) in object {
        let place = format!("{place}.{key}");
        match [&rules["properties"][key], &rules["additionalProperties"]] {
            [Value::Null, Value::Null] => {
                faults.push(format!("{place} is not in the schema"))
            }
            [Value::Null, rules] | [rules, _] => check(root, rules, part, &place, faults),
        }
    }
}

fn faults(record: &Value) -> Vec<String> {
    let (schema, mut faults) = (schema(), Vec::new());
    check(&schema, &schema, record, "", &mut faults);
    faults
}

#[test]
fn every_recorded_run_follows_the_schema() {
    let folder = fixture::workspace().join("demos/recorded");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        let record = serde_json::from_str(&text).unwrap();
        assert_eq!(faults(&record), [""; 0], "{}", file.display());
        assert!(text.len() <= 20_000, "{} is large", file.display());
        seen += 1;
    }
    assert!(seen >= 9, "{seen}");
}

#[test]
fn a_record_with_every_key_follows_the_schema() {
    let mut record = record(HEAD_OF_LINE);
    let run = &mut record.runs[0];
    (run.horizon_us, run.in_turn) = (Some(1), true);
    let server = &mut run.servers[0];
    server.late = vec![timeline::record::Late {
        at_us: 1,
        by_us: 3_000,
    }];
    let stopped = timeline::record::Stopped {
        from_us: 1,
        to_us: 2,
    };
    (server.stopped, server.suspended) = (vec![stopped], vec![stopped]);
    server.expect = Some(timeline::record::Expectation {
        blocked: Some(vec!["B".to_owned()]),
        in_service: Some(1),
        replies: [("A".to_owned(), "+OK".to_owned())].into(),
        lost: Some(false),
        failed: Some(Vec::new()),
    });
    server.observed = Some(crate::whereabouts::every_key());
    server.connections[0].group = Some("A".to_owned());
    server.connections[0].read_delay_us = Some(1);
    server.connections[0].in_backlog_us = Some(1);
    server.connections[0].accepted_us = Some(2);
    let request = &mut server.connections[0].requests[0];
    (request.service_us, request.claimed_us) = (None, Some(-1));
    request.failure = Some("no reply".to_owned());
    assert_eq!(faults(&serde_json::to_value(record).unwrap()), [""; 0]);
}

#[test]
fn what_breaks_the_schema_is_found() {
    let good = serde_json::to_value(record(HEAD_OF_LINE)).unwrap();
    let request = "/runs/0/servers/0/connections/0/requests/0";
    for (pointer, value) in [
        ("/version".to_owned(), json!(2)),
        ("/speed".to_owned(), json!(0)),
        ("/runs".to_owned(), json!([])),
        ("/runs/0/servers/0/places".to_owned(), json!("thread")),
        ("/runs/0/servers/0/late".to_owned(), json!([{ "at_us": 1 }])),
        (format!("{request}/sent_us"), json!(-1)),
        (format!("{request}/model"), json!({ "waited_us": 1 })),
        (request.to_owned(), json!({})),
    ] {
        let mut bad = good.clone();
        match bad.pointer_mut(&pointer) {
            Some(place) => *place = value,
            None => bad["runs"][0]["servers"][0]["late"] = value,
        }
        assert_ne!(faults(&bad), [""; 0], "{pointer}");
    }
}
