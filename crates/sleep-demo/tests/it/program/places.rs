//! `--where`: the chart says where each client waits, and never what is not so.

use std::{collections::BTreeMap, fs};

use tempfile::TempDir;
use timeline::{
    record::{Record, ServerRun},
    verdict::Verdict,
    whereabouts::{self, Whereabouts, mostly},
};

use super::lesson::{lesson, sleep_demo};

/// Where each request of a server waited for the longest time.
fn places(server: &ServerRun) -> BTreeMap<String, Option<Whereabouts>> {
    let believed = Verdict::of(server).believed(server);
    let ids = server.requests().map(|(_, request)| request.id.clone());
    let places = whereabouts::of(&believed);
    ids.zip(places.iter().map(|stays| mostly(stays))).collect()
}

fn played(arguments: &[&str]) -> (Record, String) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("run.json");
    let arguments = [arguments, &["--json", file.to_str().unwrap()]].concat();
    let output = sleep_demo(&arguments).output().unwrap();
    let record = Record::read(&fs::read(&file).unwrap()).unwrap();
    (record, String::from_utf8(output.stdout).unwrap())
}

/// A machine whose cores are all taken may show nothing for a while: then it is unknown,
/// and played again.
fn seen_in_some_run(arguments: &[&str], expected: &[(&str, Whereabouts)]) {
    for _ in 0..4 {
        let (record, _) = played(arguments);
        let servers = &record.runs[0].servers;
        let right = servers.iter().zip(expected).all(|(server, (name, place))| {
            assert_eq!(server.name, *name);
            let places = places(server);
            let bystanders = ["B", "C", "D"].map(|id| places[id]);
            for found in bystanders {
                let found = found.unwrap_or(Whereabouts::Unknown);
                assert!(
                    [*place, Whereabouts::Unknown].contains(&found),
                    "{places:?}"
                );
            }
            bystanders == [Some(*place); 3]
        });
        if right {
            return;
        }
    }
    panic!("never seen: {expected:?}");
}

#[test]
fn bystanders_wait_in_the_backlog_of_one_server_and_at_the_lock_of_the_other() {
    let expected = [
        ("single-server", Whereabouts::Backlog),
        ("lock-too-long", Whereabouts::Lock),
    ];
    seen_in_some_run(&["lock-too-long"], &expected);
}

#[test]
fn a_server_is_looked_at_only_where_that_is_asked_for() {
    let (_folder, lesson) = lesson();
    for (arguments, is_observed) in [
        (vec![lesson.as_str()], false),
        (vec![&lesson, "--where"], true),
        (vec![&lesson, "--where=always"], true),
        (vec![&lesson, "--where=never"], false),
    ] {
        let (record, shown) = played(&arguments);
        let servers = &record.runs[0].servers;
        let is_seen = servers.iter().all(|server| server.observed.is_some());
        assert_eq!(is_seen, is_observed, "{arguments:?}");
        assert_eq!(shown.contains("where"), is_observed, "{shown}");
    }
}

#[test]
fn a_server_of_somebody_else_is_looked_at_by_its_listener_alone() {
    let server = fixture::start("single-server", &[]);
    let (_folder, lesson) = lesson();
    let address = server.address().to_string();
    let (record, _) = played(&[&lesson, "--where", "--connect", &address]);
    let observed = record.runs[0].servers[0].observed.as_ref().unwrap();
    assert!(observed.threads.is_empty(), "{observed:?}");
    assert!(observed.counts.iter().any(|count| count.backlog > Some(0)));
}
