//! The matrix faulty server × check: each faulty server fails exactly the checks it must, and
//! the reference servers fail none that is theirs. This table is what makes a grade a grade.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{ffi::OsString, path::Path, sync::Mutex, thread};

use grader::{CHECKS, Commands, Expectation, Grading, Registry, Subject, Verdict};

/// How many gradings run side by side: each is mostly waiting.
const AT_ONCE: usize = 4;

struct Row {
    server: &'static str,
    expect: &'static str,
    /// What each check comes to: `.` passed, `F` failed, `-` skipped, `*` passed or failed,
    /// a blank: not held.
    verdicts: &'static str,
}

#[rustfmt::skip]
const MATRIX: &[Row] = &[
    //                                                             contract
    //                                                             |answers
    //                                                             ||framing
    //                                                             |||idle
    //                                                             ||||slow
    //                                                             |||||at-once
    //                                                             ||||||cross-talk
    //                                                             |||||||lost-update
    //                                                             ||||||||log
    //                                                             |||||||||rude-clients
    //                                                             ||||||||||drain
    row("threaded-server",                          "concurrent", "..........."),
    row("threaded-server --max-clients 2",          "limit=2",    "..........."),
    row("single-server",                            "serial",     "...... ...."),
    row("single-server",                            "concurrent", "...FFF-...."),
    row("threaded-server",                          "serial",     "...FFF ...."),
    row("threaded-server",                          "limit=3",    ".....F....."),
    row("threaded-server --unlocked",               "concurrent", ".......F..."),
    row("python3 demos/python/threaded_server.py",  "concurrent", "..........."),
    row("python3 demos/python/single_server.py",    "serial",     "...... ...."),
    row("python3 demos/python/single_server.py",    "concurrent", "...FFF-...."),
    row("handler-called",                           "concurrent", "...FFF-...."),
    row("join-at-once",                             "concurrent", "...FFF-...."),
    row("scope-in-loop",                            "concurrent", "...FFF-...."),
    row("lock-before-thread",                       "concurrent", "...FFF-...."),
    row("match-on-lock",                            "concurrent", "...FFF-...."),
    row("lock-too-long",                            "concurrent", "....FF-...."),
    row("lock-too-long",                            "serial",     "...F.. ...."),
    row("pool-of-two",                              "concurrent", ".....F....."),
    row("pool-of-two",                              "limit=2",    "..........."),
    // A client that slips in before the stop gets the last reply of the one that is drained.
    row("shared-connection",                        "concurrent", "......FF..*"),
    row("read-then-write",                          "concurrent", ".......F..."),
    row("no-print-lock",                            "concurrent", "........F.."),
    row("poisoned-lock",                            "concurrent", ".........F."),
    row("one-recv",                                 "concurrent", "..F........"),
    row("no-drain",                                 "concurrent", "..........F"),
];

const fn row(server: &'static str, expect: &'static str, verdicts: &'static str) -> Row {
    Row {
        server,
        expect,
        verdicts,
    }
}

#[test]
fn each_server_fails_exactly_the_checks_it_must() {
    let rows: Vec<_> = MATRIX.iter().filter(|row| can_run(row.server)).collect();
    let queue = Mutex::new(rows.into_iter());
    let wrong = Mutex::new(Vec::new());
    let next = || queue.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let worker = || {
                while let Some(row) = next() {
                    // A lock taken on the same line would be held while the row is judged.
                    let found = judge(row);
                    wrong.lock().unwrap().extend(found);
                }
            };
            thread::Builder::new().spawn_scoped(scope, worker).unwrap();
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the verdicts on a server, if anything is.
fn judge(row: &Row) -> Option<String> {
    let report = grading(row).run(&Registry::default()).unwrap();
    let is_due = |(check, due): (&grader::Check, char)| {
        let entry = report.entries.iter().find(|entry| entry.name == check.name);
        matches!(
            (entry.map(|entry| &entry.verdict), due),
            (None, ' ')
                | (Some(Verdict::Passed { .. }), '.' | '*')
                | (Some(Verdict::Failed(_)), 'F' | '*')
                | (Some(Verdict::Skipped { .. }), '-')
        )
    };
    assert_eq!(row.verdicts.len(), CHECKS.len(), "{}", row.server);
    if CHECKS.iter().zip(row.verdicts.chars()).all(is_due) {
        return None;
    }
    let text = report.render(grader::Format::Text);
    Some(format!("due: {}\n{text}", row.verdicts))
}

fn grading(row: &Row) -> Grading {
    let mut words = row.server.split(' ');
    let name = words.next().unwrap();
    let is_ours = name != "python3";
    let program = if is_ours {
        fixture::program(name).into()
    } else {
        OsString::from(name)
    };
    let arguments = words.map(|word| match word.strip_prefix("demos/") {
        Some(script) => demos().join(script).into(),
        None => OsString::from(word),
    });
    Grading {
        subject: Subject {
            program,
            arguments: arguments.collect(),
            sandbox: None,
        },
        expectation: row.expect.parse::<Expectation>().unwrap(),
        commands: Commands::default(),
        only: Vec::new(),
        repeat: format!("grader --expect {} --only CHECK {}", row.expect, row.server),
    }
}

fn can_run(server: &str) -> bool {
    !server.starts_with("python3") || fixture::has("python3")
}

fn demos() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demos"))
}
