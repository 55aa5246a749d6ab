//! The trace: slices on one track never overlap, whatever a client sent at once.

use std::collections::BTreeMap;

use crate::made_up::{HEAD_OF_LINE, run, scenario};
use serde_json::{Value, json};
use timeline::{
    record::{Record, Run, VERSION},
    trace::trace,
};

fn events(run: Run) -> Vec<Value> {
    let record = Record {
        version: VERSION,
        program: String::new(),
        started: String::new(),
        cores: 1,
        speed: 1.0,
        scenario: scenario(HEAD_OF_LINE).lesson,
        runs: vec![run],
    };
    let trace = serde_json::to_value(trace(&record)).unwrap();
    trace["traceEvents"].as_array().unwrap().clone()
}

/// The first two slices of one track that overlap.
fn overlap(events: &[Value]) -> Option<(Value, Value)> {
    let mut tracks: BTreeMap<(u64, u64), Vec<&Value>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "X") {
        let number = |key: &str| event[key].as_u64().unwrap();
        tracks
            .entry((number("pid"), number("tid")))
            .or_default()
            .push(event);
    }
    for mut slices in tracks.into_values() {
        slices.sort_by_key(|slice| slice["ts"].as_u64());
        for pair in slices.windows(2) {
            let end = pair[0]["ts"].as_u64().unwrap() + pair[0]["dur"].as_u64().unwrap();
            if end > pair[1]["ts"].as_u64().unwrap() {
                return Some((pair[0].clone(), pair[1].clone()));
            }
        }
    }
    None
}

const PIPELINED: &str = "client = [
    { name = 'P', at = '0s', requests = ['SLEEP 2s', 'PING', 'PING'], pipeline = true },
    { name = 'Q', at = '200ms', requests = ['PING', 'PING'], pause = '1s', hold = '1s' },
]";

#[test]
fn no_two_slices_of_one_track_overlap() {
    for clients in [HEAD_OF_LINE, PIPELINED] {
        let mut run = run(&scenario(clients));
        // Stamps of two replies that came in one read: the second seems to begin too
        // early.
        let requests = &mut run.servers[0].connections[0].requests;
        for request in requests.iter_mut().skip(1) {
            request.replied_us = Some(2_000_000);
        }
        assert_eq!(overlap(&events(run)), None);
    }
}

#[test]
fn the_check_itself_sees_an_overlap() {
    let slice = |ts, dur| json!({"ph": "X", "pid": 1, "tid": 1, "ts": ts, "dur": dur});
    assert!(overlap(&[slice(0, 10), slice(9, 10)]).is_some());
    assert!(overlap(&[slice(0, 10), slice(10, 10)]).is_none());
}

#[test]
fn waiting_and_served_are_two_adjacent_slices() {
    let events = events(run(&scenario(HEAD_OF_LINE)));
    let slice = |name: &str| {
        let found = events
            .iter()
            .find(|event| event["name"] == name && event["pid"] == 1);
        let found = found.unwrap();
        (
            found["ts"].as_u64().unwrap(),
            found["dur"].as_u64().unwrap(),
        )
    };
    assert_eq!(slice("B waiting"), (200_000, 1_800_000));
    assert_eq!(slice("B served"), (2_000_000, 1_000));
}

#[test]
fn every_track_has_its_name() {
    let events = events(run(&scenario(HEAD_OF_LINE)));
    let names: Vec<&str> = events
        .iter()
        .filter(|event| event["ph"] == "M")
        .map(|event| event["args"]["name"].as_str().unwrap())
        .collect();
    let expected = [
        "single-server",
        "A",
        "B",
        "C",
        "D",
        "threaded-server",
        "A",
        "B",
        "C",
        "D",
    ];
    assert_eq!(names, expected);
}

const IDLE: &str = "client = [
    { name = 'idle', at = '0s', hold = '2s' },
    { name = 'B', at = '200ms', requests = ['PING'] },
]";

#[test]
fn a_silent_client_has_a_slice_and_so_has_a_pause() {
    let names = |clients: &str| -> Vec<String> {
        let events = events(run(&scenario(clients)));
        let slices = events
            .iter()
            .filter(|event| event["ph"] == "X" && event["pid"] == 1);
        slices
            .map(|event| event["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(names(IDLE).contains(&"idle silent".to_owned()));
    let pauses = names(PIPELINED)
        .into_iter()
        .filter(|name| name == "Q silent");
    assert_eq!(pauses.count(), 2, "a pause and a hold");
}

/// An arrow starts in a slice of the blocker, and ends in the slice in which the other
/// waits.
#[test]
fn an_arrow_leads_from_the_blocker_to_the_one_who_waits() {
    for (clients, blocker) in [(HEAD_OF_LINE, "A served"), (IDLE, "idle silent")] {
        let events = events(run(&scenario(clients)));
        let at = |phase: &str| -> Vec<&Value> {
            let is_one = |event: &&Value| event["ph"] == phase && event["pid"] == 1;
            events.iter().filter(is_one).collect()
        };
        let slice = |arrow: &Value| -> &str {
            let ts = arrow["ts"].as_u64().unwrap();
            let holds = |slice: &&&Value| {
                let start = slice["ts"].as_u64().unwrap();
                let end = start + slice["dur"].as_u64().unwrap();
                slice["tid"] == arrow["tid"] && (start..=end).contains(&ts)
            };
            let slices = at("X");
            let found = slices.iter().find(holds).unwrap()["name"].as_str();
            events
                .iter()
                .find_map(|one| one["name"].as_str().filter(|name| Some(*name) == found))
                .unwrap()
        };
        let (starts, ends) = (at("s"), at("f"));
        let waiting = if clients == IDLE {
            vec!["B"]
        } else {
            vec!["B", "C", "D"]
        };
        assert_eq!(starts.len(), waiting.len());
        for ((start, end), name) in starts.iter().zip(&ends).zip(waiting) {
            assert_eq!(start["id"], end["id"]);
            assert_eq!(slice(start), blocker);
            assert_eq!(slice(end), format!("{name} waiting"));
        }
    }
}
