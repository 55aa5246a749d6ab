//! `docs/run-record.schema.json` holds for every record that the kit carries or writes.

use std::fs;

use serde_json::{Value, json};

use crate::made_up::{HEAD_OF_LINE, record};

fn schema() -> Value {
    let file = fixture::workspace().join("docs/run-record.schema.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn faults(record: &Value) -> Vec<String> {
    fixture::schema_faults(&schema(), record)
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
