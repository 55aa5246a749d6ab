//! A client that stays without a request, on a server that closes such connections.

use std::fs;

use predicates::prelude::*;
use tempfile::TempDir;
use timeline::record::Record;

use super::lesson::{LESSON, sleep_demo};

#[test]
fn who_is_put_out_by_the_server_has_left_then_and_nothing_else_is_said() {
    let folder = TempDir::new().unwrap();
    let (file, json) = (
        folder.path().join("idle.toml"),
        folder.path().join("run.json"),
    );
    let head = &LESSON[..LESSON.find("client").unwrap()];
    let rest = "client = [
        { name = 'A', at = '0s', requests = ['PING'], hold = '1m' },
        { name = 'B', at = '0s', hold = '1m' },
        { name = 'C', at = '0s', requests = ['PING', 'PING'], pause = '1m' },
    ]
    [[server]]
    name = 'impatient'
    command = 'threaded-server --idle-timeout 300ms'
    places = 'threads'";
    fs::write(&file, format!("{head}{rest}")).unwrap();
    let (file, json) = (file.to_str().unwrap(), json.to_str().unwrap());
    sleep_demo(&[file, "--json", json, "--plain"])
        .assert()
        .stdout(predicate::str::contains("The server closes A's connection"))
        .stdout(predicate::str::contains("The server closes B's connection"))
        .stdout(predicate::str::contains(
            "C.2 (PING) was never sent: 127.0.0.1:",
        ))
        .stdout(predicate::str::contains("A leaves").not());
    let record = Record::read(&fs::read(json).unwrap()).unwrap();
    let [a, b, c] = record.runs[0].servers[0].connections.as_slice() else {
        panic!("three clients");
    };
    assert!(a.closed_by_server && b.closed_by_server, "{a:?} {b:?}");
    assert_eq!(c.requests[1].sent_us, None, "nobody is there to send it to");
    assert!(c.requests[1].failure.is_some(), "{c:?}");
}
