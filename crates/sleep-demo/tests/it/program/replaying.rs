//! A recorded run, shown again: the same screen, without a server.

use std::{fs, path::Path, process::Command};

use predicates::prelude::*;
use sleep_demo::scenario::{Folder, ServerSpec};
use tempfile::TempDir;
use timeline::record::Record;

use super::lesson::{lesson, sleep_demo};

/// What a run shows on standard output, and its exit status.
fn shown(arguments: &[&str]) -> (String, Option<i32>) {
    let output = sleep_demo(arguments).output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.code(),
    )
}

/// A replay where no program can be found that could be started.
fn replay(arguments: &[&str]) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(fixture::program("sleep-demo"));
    // As the first run was drawn, whatever the tester's own terminal can show.
    command.env_remove("LC_ALL").env("LANG", "C.UTF-8");
    command.arg("--replay").args(arguments).env("PATH", "");
    command
}

/// Whether a server computes in it, for some seconds whatever `--speed` says.
fn computes(name: &str) -> bool {
    let scenario = Folder::from_environment().scenario(name).unwrap();
    let mut requests = scenario.clients.iter().flat_map(|client| &client.requests);
    requests.any(|request| request.starts_with("PRIMES") || request.starts_with("EVAL"))
}

#[test]
fn every_scenario_is_shown_again_to_the_byte() {
    are_shown_again(|name| !computes(name));
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn every_scenario_that_computes_is_shown_again_to_the_byte() {
    are_shown_again(computes);
}

fn are_shown_again(is_meant: impl Fn(&str) -> bool) {
    assert!(fixture::program("lock-too-long").exists());
    let folder = TempDir::new().unwrap();
    let mut names = Folder::from_environment().names().unwrap();
    names.retain(|name| is_meant(name));
    assert!(!names.is_empty());
    fixture::side_by_side(4, &names, |name| {
        is_shown_again(name, &folder.path().join(name));
    });
}

fn is_shown_again(name: &str, file: &Path) {
    let path = file.to_str().unwrap();
    let (text, status) = shown(&[name, "--speed", "8", "--json", path]);
    if !file.exists() {
        return; // what its servers need is not installed
    }
    let output = replay(&[path]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{name}");
    assert_eq!(output.status.code(), status, "{name}");
}

#[test]
fn every_recorded_run_shows_what_its_scenario_expects() {
    let folder = Folder::from_environment();
    let names = folder.recorded_names();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        replay(&[&name, "--no-live"]).assert().success();
        let text = fs::read(folder.recorded().join(format!("{name}.json"))).unwrap();
        let recorded = Record::read(&text).unwrap();
        let scenario = folder.scenario(&name).unwrap();
        for run in &recorded.runs {
            // A server that needs what was not installed was skipped.
            let is_there = |spec: &&ServerSpec| {
                let mut recorded = run.servers.iter();
                spec.needs.is_none() || recorded.any(|server| server.name == spec.name)
            };
            let specs: Vec<_> = scenario.servers.iter().filter(is_there).collect();
            assert_eq!(run.servers.len(), specs.len(), "{name}");
            for (server, spec) in run.servers.iter().zip(specs) {
                assert_eq!(server.name, spec.name, "{name}");
                // These two are recorded with fewer clients than the scenario has.
                if !["crowd", "lost-update"].contains(&name.as_str()) {
                    assert_eq!(server.expect, spec.expect, "{name}: {}", server.name);
                }
            }
        }
    }
}

#[test]
fn every_way_to_show_a_run_shows_it_again() {
    let (folder, lesson) = lesson();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (json, again) = (path("run.json"), path("again.json"));
    let mut last = None;
    for arguments in [
        vec!["--plain"],
        vec!["--width", "120", "--color", "always"],
        vec!["--ascii", "--no-live"],
        vec!["--repeat", "2"],
        vec!["--step"],
        vec!["--server", "threaded-server=single-server"],
    ] {
        let played = [&[lesson.as_str(), "--json", &json], arguments.as_slice()].concat();
        let (text, status) = shown(&played);
        let showing = match arguments[0] {
            "--repeat" | "--server" => &[][..],
            _ => arguments.as_slice(),
        };
        let arguments = [&[json.as_str(), "--json", &again], showing].concat();
        let output = replay(&arguments).output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            text,
            "{arguments:?}"
        );
        assert_eq!(output.status.code(), status, "{arguments:?}");
        assert_eq!(fs::read(&json).unwrap(), fs::read(&again).unwrap());
        last = status;
    }
    let export = |option: &str, name: &str| {
        let file = path(name);
        // 1, unless the machine stood still in the run: then it proves nothing.
        let shown = replay(&[&json, option, &file]).output().unwrap();
        assert_eq!(shown.status.code(), last, "{option}");
        fs::read_to_string(&file).unwrap()
    };
    assert!(export("--svg", "run.svg").starts_with("<svg"));
    assert!(export("--html", "run.html").starts_with("<!doctype html>"));
    assert!(export("--trace", "trace.json").contains("traceEvents"));
}

#[test]
fn a_record_comes_from_standard_input_as_well() {
    let (folder, lesson) = lesson();
    let file = folder.path().join("run.json");
    let (text, _) = shown(&[&lesson, "--json", file.to_str().unwrap()]);
    let json = fs::read(&file).unwrap();
    replay(&["-"])
        .write_stdin(json)
        .assert()
        .success()
        .stdout(text);
    replay(&["-", "--step"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("standard input"));
}

#[test]
fn what_can_not_be_replayed_is_refused_in_one_line() {
    let one_line = |what: &str| {
        let what = what.to_owned();
        predicate::function(move |text: &str| {
            text.lines().count() == 1 && text.contains(&what)
        })
    };
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("run.json");
    let file = file.to_str().unwrap();
    for (text, what) in [
        ("", "run.json: empty"),
        (
            "{\"version\": 1, \"runs\": [",
            "run.json: line 1, column 24: cut short",
        ),
        (
            "{\"version\": 77, \"runs\": [], \"program\": \"x 7\"}",
            "replay it with x 7",
        ),
    ] {
        fs::write(file, text).unwrap();
        replay(&[file])
            .assert()
            .code(2)
            .stdout("")
            .stderr(one_line(what));
    }
    replay(&["no-such-run"])
        .assert()
        .code(2)
        .stderr(one_line("no recorded run 'no-such-run'"));
    replay(&["./no-such-file"])
        .assert()
        .code(2)
        .stderr(one_line("No such file"));
    replay(&[file, "--speed", "0"])
        .assert()
        .code(2)
        .stderr(one_line("--speed"));
    replay(&[file, "--connect", "127.0.0.1:1"]).assert().code(2);
}

#[test]
fn the_script_builds_nothing_but_the_demo_for_a_replay() {
    let folder = TempDir::new().unwrap();
    let cargo = folder.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\necho \"$*\" >&2\nexit 9\n").unwrap();
    let path = format!(
        "{}:{}",
        folder.path().display(),
        std::env::var("PATH").unwrap()
    );
    let made = Command::new("chmod")
        .arg("+x")
        .arg(&cargo)
        .status()
        .unwrap();
    assert!(made.success());
    let script = fixture::workspace().join("scripts/demo.sh");
    for arguments in [
        &["--replay", "head-of-line"][..],
        &["--plain", "--replay=x.json"],
    ] {
        let output = Command::new(&script)
            .args(arguments)
            .env("PATH", &path)
            .output()
            .unwrap();
        let asked = String::from_utf8(output.stderr).unwrap();
        assert!(asked.contains("-p sleep-demo"), "{asked}");
        assert!(!asked.contains("-server"), "{asked}");
    }
}
