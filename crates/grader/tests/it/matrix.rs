//! The matrix of faulty servers and checks. Each faulty server fails exactly the checks
//! that it must, and the reference servers fail none of theirs. Without this table a
//! grade means nothing.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    iter,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use grader::{
    CHECKS, Commands, Expectation, Grading, RACES, Registry, Subject, Verdict, Weights,
};

struct Row {
    server: &'static str,
    expect: &'static str,
    /// What it is said to know beside what `Commands::default()` holds.
    beside: &'static str,
    /// What each check comes to: `.` passed, `F` failed, `-` skipped, `*` passed or
    /// failed, a blank or nothing: not run.
    verdicts: &'static str,
}

#[rustfmt::skip]
const MATRIX: &[Row] = &[
    //                                                             contract
    //                                                             |answers
    //                                                             ||framing
    //                                                             |||half-close
    //                                                             ||||late-reader
    //                                                             |||||idle
    //                                                             ||||||slow
    //                                                             |||||||computing
    //                                                             ||||||||unread
    //                                                             |||||||||at-once
    //                                                             ||||||||||cross-talk
    //                                                             |||||||||||lost-update
    //                                                             ||||||||||||lock-order
    //                                                             |||||||||||||log
    //                                                             ||||||||||||||rude-clients
    //                                                             |||||||||||||||many-clients
    //                                                             ||||||||||||||||busy-waiting
    //                                                             |||||||||||||||||drain
    //                                                             ||||||||||||||||||register
    row("threaded-server",                          "concurrent", "....... .........."),
    row("threaded-server --max-clients 2",          "limit=2",    "....... .........."),
    row("single-server",                            "serial",     ".......  . . ....."),
    row("single-server",                            "concurrent", ".....FF -F-.-....."),
    row("threaded-server",                          "serial",     ".....FF  F . ....."),
    row("threaded-server",                          "limit=3",    "....... .F........"),
    row("threaded-server --unlocked",               "concurrent", "....... ...F......"),
    row("python3 demos/python/threaded_server.py",  "concurrent", "....... .........."),
    row("python3 demos/python/single_server.py",    "serial",     ".......  . . ....."),
    row("python3 demos/python/single_server.py",    "concurrent", ".....FF -F-.-....."),
    // The other designs. A loop fails `computing` alone, which is for whoever asks for
    // PRIMES.
    row("event-server",                             "concurrent", "....... .........."),
    row("pool-server --workers 4",                  "limit=4",    "....... .........."),
    computing("threaded-server",                    "concurrent", ".................."),
    computing("pool-server --workers 64",           "concurrent", ".................."),
    computing("event-server",                       "concurrent", ".......F.........."),
    computing("single-server",                      "concurrent", ".....FF--F-.-....."),
    computing("single-server",                      "serial",     ".......  . . ....."),
    computing("pool-server --workers 4",            "limit=4",    "....... .........."),
    row("loop-that-sleeps",                         "concurrent", "......F .........."),
    row("loop-that-writes",                         "concurrent", "....... F........."),
    // Servers as students write them, with the backlogs of their handouts.
    row("python3 handout.py serial 1",              "serial",     ".......  . . ....."),
    row("python3 handout.py tcpserver 5",           "serial",     ".......  . . ....."),
    row("python3 handout.py threads 1",             "concurrent", "....... .........."),
    row("python3 handout.py pool2 1",               "limit=2",    "....... .........."),
    row("python3 handout.py pool64 5",              "concurrent", "....... .........."),
    row("python3 handout.py asyncio 5",             "concurrent", "....... .........."),
    row("handout.c serial 1",                       "serial",     ".......  . . ....."),
    row("handout.c threads 5",                      "concurrent", "....... .........."),
    row("handout.c fork 128",                       "concurrent", "....... .........."),
    // One instruction has to meet another: on an overloaded machine no two threads may.
    row("handout.c unlocked 5",                     "concurrent", "....... ...*......"),
    row("handout.c two-sections 5",                 "concurrent", "....... ...F......"),
    row("handler-called",                           "concurrent", ".....FF -F-.-....."),
    row("join-at-once",                             "concurrent", ".....FF -F-.-....."),
    row("scope-in-loop",                            "concurrent", ".....FF -F-.-....."),
    row("lock-before-thread",                       "concurrent", ".....FF -F-.-....."),
    row("match-on-lock",                            "concurrent", ".....FF -F-.-....."),
    row("lock-too-long",                            "concurrent", "......F -F-.-....."),
    // B may take the lock before A does, and is then seen to be served beside it.
    row("lock-too-long",                            "serial",     ".....F*  . . ....."),
    row("sleep-keeps-the-lock",                     "concurrent", "......F .........."),
    row("pool-of-two",                              "concurrent", "....... .F........"),
    row("pool-of-two",                              "limit=2",    "....... .........."),
    row("five-of-six",                              "concurrent", "....... .F........"),
    // Whoever comes last gets what is due to a client that was reset, or is being
    // drained.
    row("shared-connection",                        "concurrent", "....... *FFFF.*..*"),
    row("stray-reply",                              "concurrent", "....... ..F......."),
    row("read-then-write",                          "concurrent", "....... ...F......"),
    row("adjacent-locks",                           "concurrent", "....... ...F......"),
    row("unlocked-counter",                         "concurrent", "....... ...F......"),
    row("crash-in-a-burst",                         "concurrent", "....... ...FF....."),
    row("opposite-locks",                           "concurrent", "....... ....F....."),
    row("no-print-lock",                            "concurrent", "....... .....F...."),
    row("rebound-variable",                         "concurrent", "....... .....F...."),
    row("log-after-reply",                          "concurrent", "....... .....F...."),
    row("log-on-standard-error",                    "concurrent", "....... .....F...."),
    row("poisoned-lock",                            "concurrent", "....... ......F..."),
    row("lost-workers",                             "concurrent", "....... ......F..."),
    row("broken-pipe",                              "concurrent", "....... ......F..."),
    row("table-of-100",                             "concurrent", "....... ......FF.."),
    row("forgotten-descriptors",                    "concurrent", "....... .......F.."),
    row("forgotten-threads",                        "concurrent", "....... .......F.."),
    row("unwaited-children",                        "concurrent", "....... .......F.."),
    row("never-closed",                             "concurrent", "...F... .......F.."),
    row("one-recv",                                 "concurrent", "..F.F.. .........."),
    row("one-send",                                 "concurrent", "....F.. .........."),
    row("capitals-only",                            "concurrent", ".F..... .........."),
    row("busy-waiting",                             "concurrent", "....... ........F."),
    row("no-drain",                                 "concurrent", "....... .........F"),
    row("newcomers-after-the-stop",                 "concurrent", "....... .........F"),
    // Nothing works that needs a second client; it may end by itself before SIGTERM
    // comes.
    row("first-client-only",                        "concurrent", "*.FF.FF -F-F-FFFFF"),
    // The assignment of the roster.
    roster("threaded-server",                       "concurrent", "....... ..........."),
    roster("single-server",                         "serial",     ".......  . . ......"),
    roster("threaded-server --max-clients 2",       "limit=2",    "....... ..........."),
    roster("event-server",                          "concurrent", "....... ..........."),
    roster("silent-register",                       "concurrent", "....... ..........F"),
    roster("student-in-pieces",                      "concurrent", "....... ..........F"),
    roster("two-write-locks",                       "concurrent", "....... ..........F"),
];

const fn row(server: &'static str, expect: &'static str, verdicts: &'static str) -> Row {
    Row {
        server,
        expect,
        beside: "",
        verdicts,
    }
}

/// A row of a grading with PRIMES in `--commands`.
const fn computing(
    server: &'static str,
    expect: &'static str,
    verdicts: &'static str,
) -> Row {
    Row {
        beside: ",PRIMES",
        ..row(server, expect, verdicts)
    }
}

/// A row of a grading with REGISTER and ROSTER in `--commands`.
const fn roster(
    server: &'static str,
    expect: &'static str,
    verdicts: &'static str,
) -> Row {
    Row {
        beside: ",REGISTER,ROSTER",
        ..row(server, expect, verdicts)
    }
}

#[test]
fn each_server_fails_exactly_the_checks_it_must() {
    let rows: Vec<_> = MATRIX.iter().filter(|row| can_run(row.server)).collect();
    let wrong = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().unwrap().get();
    side_by_side(6 * cores, &rows, |row| {
        let found = judge_patiently(row);
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
            let wrong = judge(row, RACES).map(|(_, text)| text);
            let grading = (start.elapsed(), wrong);
            let key = (row.server, row.expect, row.beside);
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

fn print_figures(gradings: &BTreeMap<(&str, &str, &str), Vec<Judged>>) {
    let mut all_right = true;
    println!(
        "{:<42} {:<11} {:>8}  seconds: median, most",
        "server", "expected", "right"
    );
    for ((server, expect, beside), gradings) in gradings {
        let right = gradings.iter().filter(|(_, wrong)| wrong.is_none()).count();
        let mut times: Vec<_> = gradings
            .iter()
            .map(|(time, _)| time.as_secs_f64())
            .collect();
        times.sort_by(f64::total_cmp);
        let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
        let right_of = format!("{right}/{}", gradings.len());
        let server = format!("{server}{beside}");
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

/// What is wrong with the verdicts on a server, in the last of some gradings: a machine
/// whose cores are all taken by others may see nothing of a race, or come to no verdict.
/// A check that fails although it must not is wrong at once.
fn judge_patiently(row: &Row) -> Option<String> {
    const GRADINGS: usize = 4;
    let mut wrong = None;
    for _ in 0..GRADINGS {
        match judge(row, races(row))? {
            (true, text) => return Some(text),
            (false, text) => wrong = Some(text),
        }
    }
    wrong
}

/// The checks that find what two threads do at the same time.
const OF_RACES: [&str; 4] = ["cross-talk", "lost-update", "lock-order", "log"];

/// On a single core no two threads run at the same time, and few races are seen.
fn hides_races() -> bool {
    thread::available_parallelism().is_ok_and(|cores| cores.get() == 1)
}

/// How long races are looked for: briefly in a server that has none, except the first.
fn races(row: &Row) -> Duration {
    let verdicts = CHECKS.iter().zip(row.verdicts.chars());
    let mut of_races = verdicts.filter(|(check, _)| OF_RACES.contains(&check.name));
    let is_first = row.server == MATRIX[0].server && row.expect == MATRIX[0].expect;
    match is_first || of_races.any(|(_, due)| "F*".contains(due)) {
        true => RACES,
        false => RACES / 5,
    }
}

/// What is wrong with the verdicts on a server, if anything is, and whether a check
/// failed that must not.
fn judge(row: &Row, races: Duration) -> Option<(bool, String)> {
    let report = match grading(row, races).run(&Registry::default()) {
        Ok(report) => report,
        Err(no_server) => {
            return Some((!no_server.is_the_machines(), no_server.to_string()));
        }
    };
    let verdict = |check: &grader::Check| {
        let entry = report.entries.iter().find(|entry| entry.name == check.name);
        entry.map(|entry| entry.verdict.clone())
    };
    assert!(row.verdicts.len() <= CHECKS.len(), "{}", row.server);
    let verdicts = || row.verdicts.chars().chain(iter::repeat(' '));
    let due = || CHECKS.iter().map(verdict).zip(verdicts());
    let hidden = |check: &grader::Check, due| match hides_races() {
        true if due == 'F' && OF_RACES.contains(&check.name) => '*',
        _ => due,
    };
    let due_here = || {
        let cells = CHECKS.iter().zip(verdicts());
        let cells = cells.map(|(check, due)| hidden(check, due));
        CHECKS.iter().map(verdict).zip(cells)
    };
    let is_due = |(verdict, due): (Option<Verdict>, char)| {
        matches!(
            (verdict, due),
            (None, ' ')
                | (Some(Verdict::Passed { .. }), '.' | '*')
                | (Some(Verdict::Failed(_)), 'F' | '*')
                | (Some(Verdict::Skipped { .. }), '-')
        )
    };
    if due_here().all(is_due) {
        return None;
    }
    let is_unjust = |(verdict, due): (Option<Verdict>, char)| {
        matches!((verdict, due), (Some(Verdict::Failed(_)), '.' | '-'))
    };
    let text = report.render(grader::Format::Text);
    let text = format!("due: {}\n{text}", row.verdicts);
    Some((due().any(is_unjust), text))
}

fn grading(row: &Row, races: Duration) -> Grading {
    let mut words = row.server.split(' ');
    let name = words.next().unwrap();
    let program = match name {
        "python3" => OsString::from(name),
        "handout.c" => handout().into(),
        _ => fixture::program(name).into(),
    };
    let arguments = words.map(|word| match word.strip_prefix("demos/") {
        Some(script) => demos().join(script).into(),
        None if word.ends_with(".py") => servers().join(word).into(),
        None => OsString::from(word),
    });
    Grading {
        subject: Subject {
            program,
            arguments: arguments.collect(),
            sandbox: None,
        },
        expectation: row.expect.parse::<Expectation>().unwrap(),
        commands: format!("{}{}", Commands::default(), row.beside)
            .parse()
            .unwrap(),
        only: Vec::new(),
        races,
        weights: Weights::default(),
        repeat: format!("grader --expect {} --only CHECK {}", row.expect, row.server),
    }
}

fn can_run(server: &str) -> bool {
    !server.starts_with("python3") || fixture::has("python3")
}

fn servers() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers"))
}

/// The server in C, compiled once.
fn handout() -> PathBuf {
    static COMPILED: Mutex<bool> = Mutex::new(false);
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("handout");
    let mut is_compiled = COMPILED.lock().unwrap();
    if !*is_compiled {
        let source = servers().join("handout.c");
        let mut cc = Command::new("cc");
        cc.args(["-O2", "-pthread", "-o"]).arg(&program).arg(source);
        assert!(cc.status().unwrap().success(), "cc handout.c");
        *is_compiled = true;
    }
    program
}

fn demos() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demos"))
}
