//! Which faulty server a failed server looks like.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, DirEntry},
    path::PathBuf,
    sync::Mutex,
};

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

/// The faulty servers of the kit, or those in `KIT_SERVERS`. Without `fixed-port`: it
/// takes its port as an argument.
fn names() -> Vec<String> {
    let folder = fixture::workspace().join("demos/faulty-servers/src/bin");
    let files = fs::read_dir(folder).unwrap().flatten();
    let name = |file: DirEntry| file.path().file_stem()?.to_str().map(str::to_owned);
    let mut names: Vec<String> = files.filter_map(name).collect();
    let only = std::env::var("KIT_SERVERS").unwrap_or_default();
    let only: Vec<_> = only.split_whitespace().collect();
    names.retain(|name| name != "fixed-port");
    names.retain(|name| only.is_empty() || only.contains(&name.as_str()));
    names.sort_unstable();
    names
}

/// Judges each of them so often, six at a time: that keeps the cores busy.
fn judge_each(names: &[String], times: usize, judged: impl Fn(&str, Report) + Sync) {
    for name in names {
        let _ = fixture::program(name);
    }
    let jobs: Vec<&String> = names.iter().flat_map(|name| vec![name; times]).collect();
    fixture::side_by_side(6, &jobs, |name| {
        let report = grading(name).run(&Registry::default());
        report.into_iter().for_each(|report| judged(name, report));
    });
}

fn times(unset: usize) -> usize {
    std::env::var("KIT_GRADINGS").map_or(unset, |times| times.parse().unwrap())
}

/// A faulty server is like itself: alone, or in the group that looks the same.
#[test]
#[ignore = "takes minutes: KIT_GRADINGS=N gradings of each server (docs/grading.md)"]
fn each_faulty_server_is_recognised() {
    let known = fs::read_to_string(fingerprints()).unwrap();
    let known: Vec<_> = known.lines().map(name_of).collect();
    let mut names = names();
    names.retain(|name| known.contains(&name.as_str()));
    let times = times(1);
    let missed = Mutex::new(BTreeMap::<_, Vec<_>>::new());
    judge_each(&names, times, |name, report| {
        let failures = report
            .entries
            .iter()
            .filter_map(|entry| match &entry.verdict {
                Verdict::Failed(failure) => Some(&failure.like),
                _ => None,
            });
        if !failures.flatten().any(|like| like == name) {
            let print = Fingerprint::of(&report).map(|print| print.to_string());
            let mut missed = missed.lock().unwrap();
            missed.entry(name.to_owned()).or_default().push(print);
        }
    });
    let missed = missed.into_inner().unwrap();
    for name in &names {
        let prints = missed.get(name).map_or(&[][..], Vec::as_slice);
        println!("{name}: recognised {} of {times}", times - prints.len());
        prints.iter().for_each(|print| println!("    {print:?}"));
    }
    assert!(missed.is_empty(), "not recognised: {:?}", missed.keys());
}

/// Judges every faulty server several times, and writes what they look like.
#[test]
#[ignore = "takes half an hour; scripts/fingerprints.sh runs it"]
fn derive_fingerprints() {
    let names = names();
    let lines = Mutex::new(BTreeSet::new());
    judge_each(&names, times(3), |name, report| {
        if let Some(found) = Fingerprint::of(&report) {
            lines.lock().unwrap().insert(format!("{name}\t{found}\n"));
        }
    });
    let file = fingerprints();
    let text = fs::read_to_string(&file).unwrap();
    let (head, others): (Vec<_>, Vec<_>) =
        text.lines().partition(|line| line.starts_with('#'));
    let mut lines = lines.into_inner().unwrap();
    if std::env::var_os("KIT_SERVERS").is_some_and(|only| !only.is_empty()) {
        let kept = others.into_iter().filter(|line| {
            let is_judged = |name: &String| name == name_of(line);
            !names.iter().any(is_judged)
        });
        lines.extend(kept.map(|line| format!("{line}\n")));
    }
    let lines: String = lines.into_iter().collect();
    fs::write(&file, format!("{}\n{lines}", head.concat())).unwrap();
}

fn fingerprints() -> PathBuf {
    fixture::workspace().join("crates/grader/src/likeness/fingerprints.tsv")
}

fn name_of(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}
