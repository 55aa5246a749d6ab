//! Which faulty server a failed server looks like.

use std::{collections::BTreeSet, fs, path::PathBuf};

use grader::{
    Commands, Expectation, Fingerprint, Grading, Registry, Report, Subject, Verdict,
};

fn grading(program: &str) -> Grading {
    Grading {
        subject: Subject {
            program: fixture::program(program).into(),
            arguments: Vec::new(),
            sandbox: None,
        },
        expectation: Expectation::Concurrent,
        commands: Commands::default(),
        only: Vec::new(),
        weights: grader::Weights::default(),
        races: grader::RACES,
        repeat: "grader --only CHECK".to_owned(),
    }
}

fn failure<'r>(report: &'r Report, check: &str) -> Option<&'r grader::Failure> {
    let entry = report.entries.iter().find(|entry| entry.name == check);
    match &entry.unwrap().verdict {
        Verdict::Failed(failure) => Some(failure),
        _ => None,
    }
}

/// What `idle` and `slow` show of a server, without the other checks.
fn seen(program: &str, check: &str) -> String {
    // A machine whose cores are all taken may show nothing at first.
    const TRIES: usize = 3;
    let mut grading = grading(program);
    grading.only = vec![check.to_owned()];
    let reports = (0..TRIES).map(|_| grading.run(&Registry::default()).unwrap());
    let seen = reports
        .filter_map(|report| Some((failure(&report, check)?.seen.clone()?, report)));
    let (seen, report) = { seen }.next().expect("nothing was seen");
    let printed = report.render(grader::Format::Text);
    assert!(
        printed.contains(&format!("  seen          {}", seen.text)),
        "{printed}"
    );
    assert!(
        !printed.contains("  like "),
        "some checks alone look like nothing: {printed}"
    );
    seen.print
}

#[test]
fn servers_that_fail_the_same_checks_are_seen_to_wait_in_different_places() {
    let join = seen("join-at-once", "idle");
    assert!(join.starts_with("backlog main:join"), "{join}");
    let matched = seen("match-on-lock", "idle");
    assert!(matched.starts_with("unread main:accept"), "{matched}");
}

/// A faulty server is like itself, or like the group that looks the same.
#[test]
#[ignore = "takes minutes: KIT_GRADINGS=N gradings of each server (docs/grading.md)"]
fn each_faulty_server_is_recognised() {
    let times: usize =
        std::env::var("KIT_GRADINGS").map_or(1, |times| times.parse().unwrap());
    for name in [
        "handler-called",
        "join-at-once",
        "scope-in-loop",
        "lock-before-thread",
        "match-on-lock",
    ] {
        let grading = grading(name);
        let is_recognised = |_: &usize| {
            let report = grading.run(&Registry::default()).unwrap();
            failure(&report, "idle").is_some_and(|failure| failure.like == [name])
        };
        let recognised = (0..times).filter(is_recognised).count();
        println!("{name}: recognised {recognised} of {times}");
        assert_eq!(recognised, times, "{name}");
    }
}

/// Judges every faulty server several times, and writes what they look like.
#[test]
#[ignore = "takes half an hour; scripts/fingerprints.sh runs it"]
fn derive_fingerprints() {
    let root = fixture::workspace();
    let folder = root.join("demos/faulty-servers/src/bin");
    let files = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<String> = files
        .map(|file| {
            PathBuf::from(file.file_name())
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .filter(|name| name != "fixed-port") // it takes its port as an argument
        .collect();
    let only = std::env::var("KIT_SERVERS").unwrap_or_default();
    let only: Vec<_> = only.split_whitespace().collect();
    names.retain(|name| only.is_empty() || only.contains(&name.as_str()));
    names.sort_unstable();
    for name in &names {
        let _ = fixture::program(name);
    }
    let times: usize =
        std::env::var("KIT_GRADINGS").map_or(3, |times| times.parse().unwrap());
    let jobs: Vec<&String> = names.iter().flat_map(|name| vec![name; times]).collect();
    let queue = std::sync::Mutex::new(jobs.iter());
    let lines = std::sync::Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            let work = || {
                loop {
                    let Some(name) = queue.lock().unwrap().next() else {
                        break;
                    };
                    let report = grading(name).run(&Registry::default());
                    let found = report.ok().and_then(|report| Fingerprint::of(&report));
                    if let Some(found) = found {
                        lines.lock().unwrap().insert(format!("{name}\t{found}\n"));
                    }
                }
            };
            std::thread::Builder::new()
                .spawn_scoped(scope, work)
                .unwrap();
        }
    });
    let file = root.join("crates/grader/src/likeness/fingerprints.tsv");
    let text = fs::read_to_string(&file).unwrap();
    let head: String = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .collect();
    let mut lines = lines.into_inner().unwrap();
    let of = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    let others = text.lines().filter(|line| !line.starts_with('#'));
    let others = others.filter(|line| !only.is_empty() && !names.contains(&of(line)));
    lines.extend(others.map(|line| format!("{line}\n")));
    let lines: String = lines.into_iter().collect();
    fs::write(&file, format!("{head}\n{lines}")).unwrap();
}
