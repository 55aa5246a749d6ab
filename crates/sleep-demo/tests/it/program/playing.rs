//! Playing a scenario: what is shown, recorded and expected.

use std::{collections::BTreeSet, fs, time::Duration};

use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use timeline::record::Record;

use super::lesson::{LESSON, lesson, sleep_demo};

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
        .stdout(predicate::str::contains("behind A (SLEEP 600ms"));
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
            "single-server --quiet · the scenario expects nothing of it",
        ));
}

#[test]
fn a_server_whose_name_is_taken_gets_a_number() {
    let (_folder, lesson) = lesson();
    sleep_demo(&[&lesson, "--server", "single-server"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "single-server (2) · the scenario expects nothing of it",
        ));
}

/// What one connection of redis-cli's protocol is answered.
fn answer(address: &str, request: &[&str]) -> client::Reply {
    let patience = Duration::from_secs(60);
    let mut connection = client::Connection::open(address, patience).unwrap();
    connection.request(request).unwrap()
}

#[test]
fn the_keys_that_a_run_makes_on_a_server_of_somebody_else_are_deleted_and_no_others() {
    if !fixture::has("redis-server") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("keys.toml");
    let head = &LESSON[..LESSON.find("client").unwrap()];
    let client = "client = [{ name = 'A', at = '0s', requests = [
        'INCR mine', 'INCR theirs', 'SET word x', 'LPUSH a-list 1' ] }]";
    fs::write(&file, format!("{head}{client}")).unwrap();
    let shim = fixture::workspace().join("demos/redis/redis-server.sh");
    let redis = launch::Launch::parse_command(shim.to_str().unwrap()).unwrap();
    let redis = redis.args(["--listen", "127.0.0.1:0"]).start().unwrap();
    let address = redis.address().to_string();
    answer(&address, &["SET", "theirs", "7"]);
    sleep_demo(&[file.to_str().unwrap(), "--connect", &address, "--plain"])
        .assert()
        .success()
        .stdout(predicate::str::contains("A.4 (LPUSH a-list 1)"));
    let left = answer(&address, &["KEYS", "*"]);
    assert_eq!(
        left,
        client::Reply::Array(vec![client::Reply::text("theirs")])
    );
    assert_eq!(
        answer(&address, &["GET", "theirs"]),
        client::Reply::text("8")
    );
}

#[test]
fn a_client_that_reads_slowly_keeps_its_place_until_it_has_read() {
    let folder = TempDir::new().unwrap();
    let (file, json) = (
        folder.path().join("slow.toml"),
        folder.path().join("run.json"),
    );
    let head = &LESSON[..LESSON.find("client").unwrap()];
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['ECHO a'], read_delay = '600ms' },
        { name = 'B', at = '100ms', requests = ['PING'] },
    ]
    [expect.single-server]
    blocked = ['B']
    [expect.threaded-server]
    blocked = []";
    fs::write(&file, format!("{head}{clients}")).unwrap();
    let (file, json) = (file.to_str().unwrap(), json.to_str().unwrap());
    sleep_demo(&[file, "--json", json]).assert().success();
    let record = Record::read(&fs::read(json).unwrap()).unwrap();
    for server in &record.runs[0].servers {
        let a = &server.connections[0];
        assert_eq!(a.read_delay_us, Some(600_000));
        let lay = a.closed_us.unwrap() - a.requests[0].replied_us.unwrap();
        assert!(lay >= 600_000, "read after {lay} µs");
        let model = server.connections[1].requests[0].model.unwrap();
        let is_single = server.name == "single-server";
        assert_eq!(model.waited_us > 0, is_single, "{model:?}");
    }
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
