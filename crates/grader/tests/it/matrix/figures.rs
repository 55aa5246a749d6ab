//! How often each row of the matrix is right while every core is busy.

use std::{
    collections::BTreeMap,
    env,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use grader::RACES;

use super::{MATRIX, Row, judging::judge, subject::can_run};

/// The figures of docs/grading.md; `scripts/grading-figures.sh` prints them.
#[test]
#[ignore = "takes a quarter of an hour, with every core kept busy"]
fn verdicts_are_right_on_a_busy_machine() {
    let times: Option<usize> = env::var("KIT_GRADINGS")
        .ok()
        .map(|times| times.parse().unwrap());
    let right_alone = env::var_os("KIT_RIGHT_ALONE").is_some();
    let is_right = |row: &Row| row.verdicts.chars().all(|verdict| ". ".contains(verdict));
    let rows = MATRIX.iter().filter(|row| can_run(row.server));
    let rows = rows.filter(|row| is_right(row) || !right_alone);
    let repeated: Vec<_> = rows
        .flat_map(|row| {
            let is_reference = is_right(row) && row.server.contains("-server");
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
        fixture::side_by_side(8, &repeated, |row| {
            let start = Instant::now();
            let wrong = judge(row, RACES).map(|wrong| wrong.text);
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
