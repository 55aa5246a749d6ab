//! The matrix faulty server × check: each faulty server fails exactly the checks it must, and
//! the reference servers fail none that is theirs. This table is what makes a grade a grade.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use grader::{CHECKS, Commands, Expectation, Grading, Registry, Subject, Verdict};

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
    // B may take the lock before A does, and is then seen to be served beside it.
    row("lock-too-long",                            "serial",     "...F*. ...."),
    row("pool-of-two",                              "concurrent", ".....F....."),
    row("pool-of-two",                              "limit=2",    "..........."),
    // Whoever comes last gets what is due to a client that was reset, or is being drained.
    row("shared-connection",                        "concurrent", "......FF.**"),
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
    let wrong = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().unwrap().get();
    side_by_side(4 * cores, &rows, |row| {
        let found = judge(row);
        wrong.lock().unwrap().extend(found);
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The figures of docs/grading.md; `scripts/grading-figures.sh` prints them.
#[test]
#[ignore = "takes a quarter of an hour, with every core kept busy"]
fn verdicts_are_right_on_a_busy_machine() {
    let times: Option<usize> = env::var("KIT_GRADINGS")
        .ok()
        .map(|times| times.parse().unwrap());
    let rows = MATRIX.iter().filter(|row| can_run(row.server));
    let repeated: Vec<_> = rows
        .flat_map(|row| {
            let is_right = row.verdicts.chars().all(|verdict| ". ".contains(verdict));
            let is_reference = is_right && row.server.contains("-server");
            vec![row; times.unwrap_or(if is_reference { 100 } else { 20 })]
        })
        .collect();
    let gradings = Mutex::new(BTreeMap::<_, Vec<Judged>>::new());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().unwrap().get() {
            let burn = || {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop()
                }
            };
            thread::Builder::new().spawn_scoped(scope, burn).unwrap();
        }
        side_by_side(8, &repeated, |row| {
            let start = Instant::now();
            let wrong = judge(row);
            let grading = (start.elapsed(), wrong);
            let key = (row.server, row.expect);
            gradings
                .lock()
                .unwrap()
                .entry(key)
                .or_default()
                .push(grading);
        });
        done.store(true, Ordering::Relaxed);
    });
    print_figures(&gradings.into_inner().unwrap());
}

/// How long a grading took, and what was wrong with its verdicts.
type Judged = (Duration, Option<String>);

fn print_figures(gradings: &BTreeMap<(&str, &str), Vec<Judged>>) {
    let mut all_right = true;
    println!(
        "{:<42} {:<11} {:>8}  seconds: median, most",
        "server", "expected", "right"
    );
    for ((server, expect), gradings) in gradings {
        let right = gradings.iter().filter(|(_, wrong)| wrong.is_none()).count();
        let mut times: Vec<_> = gradings
            .iter()
            .map(|(time, _)| time.as_secs_f64())
            .collect();
        times.sort_by(f64::total_cmp);
        let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
        let right_of = format!("{right}/{}", gradings.len());
        println!("{server:<42} {expect:<11} {right_of:>8}  {median:>15.1} {most:>5.1}");
        for (_, wrong) in gradings {
            wrong.iter().for_each(|wrong| println!("{wrong}"));
        }
        all_right &= right == gradings.len();
    }
    assert!(all_right, "some verdict was wrong");
}

/// Each grading is mostly waiting, so that more of them than cores may run at once.
fn side_by_side<'r>(at_once: usize, rows: &[&'r Row], work: impl Fn(&'r Row) + Sync) {
    let queue = Mutex::new(rows.iter());
    let next = || queue.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..at_once {
            let worker = || {
                while let Some(row) = next() {
                    work(row);
                }
            };
            thread::Builder::new().spawn_scoped(scope, worker).unwrap();
        }
    });
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
