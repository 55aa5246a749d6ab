//! The queue model against real servers: random scenarios, played and measured.

use std::{env, fs};

use timeline::{record::Record, verdict::Verdict};

use super::random_text;
use fixture::Dice;

use crate::program::lesson::sleep_demo;

/// Of 100 waits, 95 are within this of the model's, in microseconds.
const WITHIN_US: u64 = 20_000;

/// Four servers, all played at once.
fn servers() -> String {
    let event_server = fixture::program("event-server");
    let servers = [
        ("one", "single-server", "1"),
        ("two", "threaded-server --max-clients 2", "2"),
        ("threads", "threaded-server", "'threads'"),
        ("loop", event_server.to_str().unwrap(), "'event-loop'"),
    ];
    let server = |(name, command, places): (&str, &str, &str)| {
        format!(
            "[[server]]\nname = '{name}'\ncommand = \"{command}\"\nplaces = {places}\n"
        )
    };
    servers.map(server).concat()
}

/// How far each measured wait of a record was from the model's.
fn differences(record: &Record) -> Vec<u64> {
    let servers = record.runs.iter().flat_map(|run| &run.servers);
    let all = servers.flat_map(|server| {
        let judged = Verdict::of(server).requests;
        let requests = server.requests().map(|(_, request)| request.clone());
        requests.zip(judged).collect::<Vec<_>>()
    });
    let difference = |(request, judged): (timeline::record::Request, _)| {
        let judged: timeline::verdict::Judged = judged;
        Some(judged.waited_us?.abs_diff(request.model?.waited_us))
    };
    all.filter_map(difference).collect()
}

/// It takes ten minutes, and says nothing on a machine that does something else:
/// `cargo test -p sleep-demo --test it measured -- --ignored --nocapture`.
#[test]
#[ignore = "ten minutes, on an idle machine: see docs/run-record.md"]
fn measured_waits_are_within_20_ms_of_the_model() {
    let count = env::var("KIT_SCENARIOS").map_or(200, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("random.toml");
    let mut dice = Dice::new(200);
    let mut all = Vec::new();
    for _ in 0..count {
        fs::write(&file, random_text(&mut dice, false) + &servers()).unwrap();
        let played = sleep_demo(&[file.to_str().unwrap(), "--json", "-"])
            .assert()
            .success();
        let record = Record::read(&played.get_output().stdout).unwrap();
        all.extend(differences(&record));
    }
    all.sort_unstable();
    let of_a_hundred = |part: usize| all[(all.len() * part).div_ceil(100) - 1];
    let (p95, worst) = (of_a_hundred(95), of_a_hundred(100));
    println!("{} waits: p95 {p95} us, worst {worst} us", all.len());
    assert!(p95 <= WITHIN_US, "{} waits: p95 {p95} us", all.len());
}
