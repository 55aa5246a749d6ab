//! Each cheat under each confinement: the server behind it serves one client at a time,
//! and must not get the points of `idle`.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

/// What a server does before it serves. `{work}` is where the grader works.
const CHEATS: &[(&str, &str)] = &[
    ("nothing", "true"),
    (
        "writes the report and kills the grader",
        "grader=$(awk '/^PPid/ { print $2 }' /proc/$PPID/status 2>/dev/null)
         for report in {work}/grade-*/*/report*; do
             echo '{\"conclusive\": true, \"score\": 3, \"max_score\": 3, \"checks\": \
             []}' >\"$report\"
         done 2>/dev/null
         kill -9 $grader 2>/dev/null",
    ),
    ("kills its parent", "kill -9 $PPID 2>/dev/null"),
    ("stops its parent", "kill -STOP $PPID 2>/dev/null"),
    (
        "runs the reference server",
        "cp \"$GRADE_ROOT/target/release/threaded-server\" /tmp/stolen-$$ 2>/dev/null &&
         exec /tmp/stolen-$$ \"$@\"",
    ),
    (
        "stops the grader",
        "kill -STOP $(awk '/^PPid/ { print $2 }' /proc/$PPID/status 2>/dev/null) \
         2>/dev/null",
    ),
];

fn cheat(confinement: &str) {
    let (good, folder) = (fixture::program("single-server"), TempDir::new().unwrap());
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    for (name, deed) in CHEATS {
        let submission = folder.path().join(name);
        fs::create_dir(&submission).unwrap();
        fs::copy(&good, submission.join("serial")).unwrap();
        let work = folder.path().join("target/grade-all");
        let deed = deed.replace("{work}", work.to_str().unwrap());
        let text = format!("#!/bin/bash\n{deed}\nexec \"${{0%/*}}/serial\" \"$@\"\n");
        fs::write(submission.join("server"), text).unwrap();
        let mode = Permissions::from_mode(0o755);
        fs::set_permissions(submission.join("server"), mode).unwrap();
    }
    let reports = folder.path().join("reports");
    assert!(fixture::program("threaded-server").exists()); // which is judged first
    let class = folder.path().join("class");
    fs::create_dir(&class).unwrap();
    for (name, _) in CHEATS {
        fs::rename(folder.path().join(name), class.join(name)).unwrap();
    }
    // Unconfined the grader can be stopped, and is then waited for.
    let limit = if confinement == "none" { "8" } else { "40" };
    let run = Command::new(env!("CARGO_BIN_EXE_grade-class"))
        .args([&class, &reports])
        .args(["--confine", confinement, "--only", "idle", "--limit", limit])
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    for (name, _) in CHEATS {
        let report = fs::read(reports.join(format!("{name}.json"))).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        let verdict = &report["submission"]["verdict"];
        let points = report["score"].as_u64().unwrap_or_default();
        assert!(
            verdict != "graded" || points == 0,
            "{name}, {confinement}: {report:#}"
        );
        assert_eq!(report["submission"]["confinement"], confinement);
        if confinement != "none" {
            // Nor is it the machine that failed.
            assert_ne!(verdict, "regrade", "{name}, {confinement}: {report:#}");
        }
    }
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn nobody_forges_a_grade_unconfined() {
    cheat("none");
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn nobody_forges_a_grade_as_another_user() {
    if !rustix::process::geteuid().is_root() {
        fixture::skip("a user for each server takes root");
        return;
    }
    if fixture::has("setpriv") {
        cheat("user");
    }
}

#[test]
#[ignore = "takes long: scripts/test.sh classes"]
fn nobody_forges_a_grade_inside_bubblewrap() {
    if fixture::has("bwrap") {
        cheat("bubblewrap");
    }
}

/// A pipe here, because a mistake would replace the device of the whole machine.
#[test]
fn what_is_no_file_is_written_to_and_not_replaced() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let grader = Command::new(env!("CARGO_BIN_EXE_grader"))
        .args(["--only", "answers", "--format", "json", "--output"])
        .args([&pipe, &fixture::program("threaded-server")])
        .spawn();
    let report = fs::read(&pipe).unwrap();
    assert!(grader.unwrap().wait().unwrap().success());
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["conclusive"], true);
    assert!(!fs::metadata(&pipe).unwrap().is_file());
}
