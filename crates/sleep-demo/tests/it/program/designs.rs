//! `--designs`: every design is asked every question, and each cell is what it must be.

use std::fs;

use predicates::prelude::*;
use tempfile::TempDir;
use timeline::designs::{Cell, Table};

use super::lesson::sleep_demo;

const WAITS: &str = "waits";
const FREE: &str = "no wait";
const NONE: &str = "none";
const SOME: &str = " lost";
const RATE: &str = "/s";
const MEMORY: &str = " KiB";
const MISSING: &str = "-";
/// What a machine that stands still leaves open is not claimed.
const UNCLEAR: &str = "unclear";

/// The end of each answer, in the order of the columns.
#[rustfmt::skip]
const DUE: [(&str, [&str; 7]); 5] = [
    //                silent slow   computes pipelines connections updates memory
    ("single-server",   [WAITS, WAITS, WAITS,   WAITS,    RATE,       NONE,   MISSING]),
    ("threaded-server", [FREE,  FREE,  FREE,    FREE,     RATE,       SOME,   MEMORY]),
    ("pool-server",     [FREE,  FREE,  FREE,    FREE,     RATE,       SOME,   MISSING]),
    ("event-server",    [FREE,  FREE,  WAITS,   FREE,     RATE,       NONE,   MEMORY]),
    ("redis-server",    [FREE,  FREE,  WAITS,   FREE,     RATE,       NONE,   MEMORY]),
];

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn each_cell_of_the_table_is_what_its_design_must_show() {
    for server in ["pool-server", "event-server"] {
        assert!(fixture::program(server).exists());
    }
    let has_redis = fixture::has("redis-server");
    let folder = TempDir::new().unwrap();
    let (json, svg) = (folder.path().join("t.json"), folder.path().join("t.svg"));
    let exports = [json.to_str().unwrap(), svg.to_str().unwrap()];
    sleep_demo(&["--designs", "--json", exports[0], "--svg", exports[1]])
        .assert()
        .success()
        .stdout(predicate::str::contains("event loop"))
        .stderr(predicate::str::contains("7 of 7: memory"));
    let table: Table = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(table.designs.len(), DUE.len());
    for (design, (server, due)) in table.designs.iter().zip(DUE) {
        assert_eq!(design.server, server);
        for ((question, cell), due) in table.questions.iter().zip(&design.cells).zip(due)
        {
            let of = format!("{server}, {}: {cell:?}", question.title);
            match cell {
                Cell::Missing { why } if server == "redis-server" && !has_redis => {
                    assert_eq!(why, "redis-server is not installed", "{of}");
                }
                Cell::Missing { why } => {
                    assert_eq!(due, MISSING, "{of}");
                    assert!(why.contains("in the backlog"), "{of}");
                }
                Cell::Answer {
                    answer, failures, ..
                } => {
                    let is_open = answer == UNCLEAR && [WAITS, FREE].contains(&due);
                    let is_due = is_open || answer.ends_with(due);
                    assert!(is_due && failures.is_empty(), "{of}");
                }
            }
        }
    }
    let picture = fs::read_to_string(&svg).unwrap();
    assert_eq!(picture.matches("<g>").count(), 35);
}

#[test]
fn what_asks_for_one_scenario_goes_with_no_table() {
    for more in ["head-of-line", "--all", "--list", "--predict", "--repeat=2"] {
        sleep_demo(&["--designs", more])
            .assert()
            .code(2)
            .stderr(predicate::str::contains("cannot be used with"));
    }
}
