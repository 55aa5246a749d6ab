//! A grading on a machine that had no time for it is made again, as the grader asks.

use std::{
    ffi::OsStr,
    process::{Command, Output},
};

const TRIES: usize = 10;

/// Runs the grader, as often as it asks for.
pub(crate) fn grade<A: AsRef<OsStr>>(arguments: &[A]) -> Output {
    patiently(|| {
        let grader = env!("CARGO_BIN_EXE_grader");
        Command::new(grader).args(arguments).output().unwrap()
    })
}

/// Grades as a person would: again, if the grader asks for it because the machine had no
/// time.
pub(crate) fn patiently(mut grade: impl FnMut() -> Output) -> Output {
    let mut tries = 1;
    loop {
        let output = grade();
        if tries == TRIES || !asks_for_another(&output) {
            return output;
        }
        tries += 1;
    }
}

fn asks_for_another(output: &Output) -> bool {
    [&output.stdout, &output.stderr].iter().any(|printed| {
        let printed = String::from_utf8_lossy(printed);
        [
            "run the grader again",
            "\"inconclusive\"",
            "not judged, in ",
        ]
        .iter()
        .any(|asks| printed.contains(asks))
    })
}
