//! The matrix of faulty servers and checks. Each faulty server fails exactly the checks
//! that it must, and the reference servers fail none of theirs. Without this table a
//! grade means nothing.

mod figures;
mod judging;
mod short;
mod subject;

use std::{sync::Mutex, thread, time::Duration};

use grader::{CHECKS, RACES};

use judging::{judge, judge_patiently, races};
use subject::can_run;

#[derive(Clone, Copy)]
struct Row {
    server: &'static str,
    expect: &'static str,
    /// What `--commands` names beside what `Commands::default()` holds.
    beside: &'static str,
    /// What each check comes to: `.` passed, `F` failed, `-` skipped, `*` passed or
    /// failed, a blank or nothing: not run.
    verdicts: &'static str,
    /// Whether only the checks run that it fails.
    only_failed: bool,
}

#[rustfmt::skip]
const MATRIX: &[Row] = &[
    // contract                                                    |
    // answers                                                    ||
    // framing                                                    |||
    // half-close                                                 ||||
    // late-reader                                                |||||
    // idle                                                       ||||||
    // slow                                                       |||||||
    // computing                                                  ||||||||
    // unread                                                     |||||||||
    // at-once                                                    ||||||||||
    // cross-talk                                                 |||||||||||
    // lost-update                                                ||||||||||||
    // lock-order                                                 |||||||||||||
    // log                                                        ||||||||||||||
    // rude-clients                                               |||||||||||||||
    // many-clients                                               ||||||||||||||||
    // busy-waiting                                               |||||||||||||||||
    // drain                                                      ||||||||||||||||||
    // register                                                   |||||||||||||||||||
    row("threaded-server",                         "concurrent", "....... .........."),
    row("threaded-server --max-clients 2",         "limit=2",    "....... .........."),
    row("threaded-server --max-clients 100",       "limit=100",  "....... .........."),
    row("single-server",                           "serial",     ".......  . . ....."),
    row("single-server",                           "concurrent", ".....FF -F-.-....."),
    row("threaded-server",                         "serial",     ".....FF  F . ....."),
    row("threaded-server",                         "limit=3",    "....... .F........"),
    row("threaded-server --unlocked",              "concurrent", "....... ...F......"),
    row("python3 demos/python/threaded_server.py", "concurrent", "....... .........."),
    row("python3 demos/python/single_server.py",   "serial",     ".......  . . ....."),
    row("python3 demos/python/single_server.py",   "concurrent", ".....FF -F-.-....."),
    // The other designs. A loop fails `computing` alone, a check that runs only where
    // PRIMES is among the commands.
    row("event-server",                            "concurrent", "....... .........."),
    row("pool-server --workers 4",                 "limit=4",    "....... .........."),
    computing("threaded-server",                   "concurrent", ".................."),
    computing("pool-server --workers 64",          "concurrent", ".................."),
    computing("event-server",                      "concurrent", ".......F.........."),
    computing("single-server",                     "concurrent", ".....FF--F-.-....."),
    computing("single-server",                     "serial",     ".......  . . ....."),
    computing("pool-server --workers 4",           "limit=4",    "....... .........."),
    row("loop-that-sleeps",                        "concurrent", "......F .........."),
    row("loop-that-writes",                        "concurrent", "....... F........."),
    // Servers as students write them, with the backlogs of their handouts.
    row("python3 handout.py serial 1",             "serial",     ".......  . . ....."),
    row("python3 handout.py tcpserver 5",          "serial",     ".......  . . ....."),
    row("python3 handout.py threads 1",            "concurrent", "....... .........."),
    row("python3 handout.py pool2 1",              "limit=2",    "....... .........."),
    row("python3 handout.py pool64 5",             "concurrent", "....... .........."),
    row("python3 handout.py asyncio 5",            "concurrent", "....... .........."),
    row("handout.c serial 1",                      "serial",     ".......  . . ....."),
    row("handout.c threads 5",                     "concurrent", "....... .........."),
    row("handout.c fork 128",                      "concurrent", "....... .........."),
    // One instruction has to meet another: on an overloaded machine no two threads may.
    row("handout.c unlocked 5",                    "concurrent", "....... ...*......"),
    row("handout.c two-atomics 5",                 "concurrent", "....... ...*......"),
    row("handout.c two-sections 5",                "concurrent", "....... ...F......"),
    row("handler-called",                          "concurrent", ".....FF -F-.-....."),
    row("join-at-once",                            "concurrent", ".....FF -F-.-....."),
    row("scope-in-loop",                           "concurrent", ".....FF -F-.-....."),
    row("lock-before-thread",                      "concurrent", ".....FF -F-.-....."),
    row("match-on-lock",                           "concurrent", ".....FF -F-.-....."),
    row("lock-too-long",                           "concurrent", "......F -F-.-....."),
    // B may take the lock before A does, and is then seen to be served beside it.
    row("lock-too-long",                           "serial",     ".....F*  . . ....."),
    row("sleep-keeps-the-lock",                    "concurrent", "......F .........."),
    row("run-keeps-the-lock",                      "concurrent", "......F .........."),
    row("first-request-in-loop",                   "concurrent", ".....F. .........."),
    row("pool-of-two",                             "concurrent", "....... .F........"),
    row("pool-of-two",                             "limit=2",    "....... .........."),
    row("five-of-six",                             "concurrent", "....... .F........"),
    row("notify-one",                              "concurrent", "....... .F........"),
    row("place-returned-twice",                    "limit=2",    "....... ......F..."),
    row("limit-on-requests",                       "limit=2",    "....... .F........"),
    // The client that came last gets what is due to a client that was reset, or is
    // being drained.
    row("shared-connection",                       "concurrent", "....... *FFFF.*..*"),
    row("overwritten-connection",                  "concurrent", "....... ..F......."),
    row("stray-reply",                             "concurrent", "....... ..F......."),
    row("read-then-write",                         "concurrent", "....... ...F......"),
    row("adjacent-locks",                          "concurrent", "....... ...F......"),
    row("unlocked-counter",                        "concurrent", "....... ...F......"),
    row("crash-in-a-burst",                        "concurrent", "....... ...FF....."),
    row("opposite-locks",                          "concurrent", "....... ....F....."),
    row("no-print-lock",                           "concurrent", "....... .....F...."),
    row("rebound-variable",                        "concurrent", "....... .....F...."),
    row("log-at-exit",                             "concurrent", "....... .....F...."),
    row("log-after-reply",                         "concurrent", "....... .....F...."),
    row("log-on-standard-error",                   "concurrent", "....... .....F...."),
    row("poisoned-lock",                           "concurrent", "....... ......F..."),
    row("lost-workers",                            "concurrent", "....... ......F..."),
    row("broken-pipe",                             "concurrent", "....... ......F..."),
    row("error-for-ever",                          "concurrent", "....... ......F..."),
    row("panic-of-one",                            "concurrent", "....... ......F..."),
    row("table-of-100",                            "concurrent", "....... ......FF.."),
    row("forgotten-descriptors",                   "concurrent", "....... .......F.."),
    row("forgotten-threads",                       "concurrent", "....... .......F.."),
    row("unwaited-children",                       "concurrent", "....... .......F.."),
    // Each client that has left keeps one more thread computing.
    row("end-is-no-end",                           "concurrent", "F..F... .......FFF"),
    row("never-closed",                            "concurrent", "...F... .......F.."),
    // What a client does within a second of its last byte depends on the machine.
    row("impatient",                               "concurrent", "....*F. ***......."),
    row("one-recv",                                "concurrent", "..F.F.. .........."),
    row("one-send",                                "concurrent", "....F.. .........."),
    row("capitals-only",                           "concurrent", ".F..... .........."),
    row("busy-waiting",                            "concurrent", "....... ........F."),
    // It has no handler for SIGTERM either.
    row("fixed-port PORT",                         "concurrent", "F...... .........F"),
    row("daemon-threads",                          "concurrent", "....... .........F"),
    row("no-drain",                                "concurrent", "....... .........F"),
    row("stop-in-silence",                         "concurrent", "....... .........F"),
    row("newcomers-after-the-stop",                "concurrent", "....... .........F"),
    // Nothing works that needs a second client; it may end by itself before SIGTERM
    // comes.
    row("first-client-only",                       "concurrent", "*FFF.FF -F-F-FFFFF"),
    // The assignment of the roster.
    roster("threaded-server",                      "concurrent", "....... ..........."),
    roster("single-server",                        "serial",     ".......  . . ......"),
    roster("threaded-server --max-clients 2",      "limit=2",    "....... ..........."),
    roster("event-server",                         "concurrent", "....... ..........."),
    roster("silent-register",                      "concurrent", "....... ..........F"),
    roster("student-in-pieces",                     "concurrent", "....... ..........F"),
    roster("two-write-locks",                      "concurrent", "....... ..........F"),
];

impl Row {
    /// The checks that run, and what each comes to.
    fn cells(&self) -> impl Iterator<Item = (&'static grader::Check, char)> {
        assert!(self.verdicts.len() <= CHECKS.len(), "{}", self.server);
        let cells = CHECKS.iter().zip(self.verdicts.chars());
        cells.filter(|(_, due)| match self.only_failed {
            true => *due == 'F',
            false => *due != ' ',
        })
    }
}

const fn row(server: &'static str, expect: &'static str, verdicts: &'static str) -> Row {
    Row {
        server,
        expect,
        beside: "",
        verdicts,
        only_failed: false,
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
fn the_kits_servers_pass_and_each_check_fails_a_faulty_one() {
    // Races are looked for in the servers that have them, and hardly in the others.
    let races = |row: &Row| if row.only_failed { RACES } else { RACES / 20 };
    hold(&short::rows(), races);
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn each_server_fails_exactly_the_checks_it_must() {
    hold(MATRIX, races);
}

fn hold(rows: &[Row], races: impl Fn(&Row) -> Duration + Sync) {
    let rows: Vec<_> = rows.iter().filter(|row| can_run(row.server)).collect();
    let (wrong, again) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let cores = thread::available_parallelism().unwrap().get();
    fixture::side_by_side(6 * cores, &rows, |row| match judge(row, races(row)) {
        None => {}
        Some(found) if found.is_unjust => wrong.lock().unwrap().push(found.text),
        Some(found) => again.lock().unwrap().push((row, found)),
    });
    let mut wrong = wrong.into_inner().unwrap();
    // Beside the others it had too little time; now it is alone.
    let again = again.into_inner().unwrap().into_iter();
    wrong.extend(again.filter_map(|(row, found)| judge_patiently(row, found)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
