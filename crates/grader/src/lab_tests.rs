//! The tests of a lab crate: one for each check, or for each check of a step, run by
//! `cargo test` under the names that the grader uses.

use std::{fmt::Display, process::ExitCode, str::FromStr};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::{
    CHECKS, Check, Commands, Expectation, Format, Grading, Registry, Subject, Verdict,
    Weights,
};

/// Options of a test program that take a value.
const WITH_A_VALUE: &[&str] = &[
    "--skip",
    "--test-threads",
    "--format",
    "--color",
    "--logfile",
    "-Z",
];

/// One part of a lab, of 15 to 30 minutes: `cargo test -p my-server step-1`.
#[derive(Clone, Copy, Debug)]
pub struct LabStep {
    /// What its tests begin with, `step-1`.
    pub name: &'static str,
    /// What the server knows by then, as [`Commands`] reads them.
    pub commands: &'static str,
    /// The names of the checks that pass then, and did not before.
    pub checks: &'static [&'static str],
}

/// What is expected of the server of a lab crate.
#[derive(Clone, Copy, Debug)]
pub struct LabTests {
    /// The server's program and its own arguments.
    pub command: &'static [&'static str],
    /// The name of the crate.
    pub name: &'static str,
    /// As [`Expectation`] reads it.
    pub expect: &'static str,
    /// As [`Commands`] reads them; a check that needs more is shown as ignored. Used
    /// where there are no steps.
    pub commands: &'static str,
    /// The steps of the lab; with none of them every check is a test.
    pub steps: &'static [LabStep],
}

impl LabTests {
    /// Reads the command line of `cargo test`, and runs the checks that it names: several
    /// names may be given, and each stands for the tests that contain it.
    ///
    /// # Panics
    ///
    /// When the expectation, the commands or the steps cannot be read.
    #[must_use]
    pub fn run(self) -> ExitCode {
        if let Some(kept) = launch::keep() {
            return kept;
        }
        let (arguments, names) = split(std::env::args());
        let names: Vec<_> = names.iter().map(|name| name.replace('_', "-")).collect();
        let all = self.trials();
        let known: Vec<_> = all.iter().map(|trial| trial.name().to_owned()).collect();
        let is_wanted = |trial: &Trial| {
            let mut names = names.iter();
            names.len() == 0 || names.any(|name| trial.name().contains(name))
        };
        let wanted: Vec<_> = all.into_iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            eprintln!("no check has such a name; there are: {}", known.join(", "));
            return ExitCode::FAILURE;
        }
        libtest_mimic::run(&Arguments::from_iter(arguments), wanted).exit_code()
    }

    fn trials(self) -> Vec<Trial> {
        let expectation: Expectation = read("EXPECT", self.expect);
        let mut trials = Vec::new();
        for step in self.steps {
            let commands: Commands = read("STEPS", step.commands);
            for name in step.checks {
                let check = CHECKS.iter().find(|check| check.name == *name);
                let check = check.unwrap_or_else(|| refuse("STEPS", &no_check(name)));
                let test = format!("{}::{name}", step.name);
                trials.push(self.trial(test, check, expectation, commands.clone()));
            }
        }
        if self.steps.is_empty() {
            let commands: Commands = read("COMMANDS", self.commands);
            let trial = |check: &'static Check| {
                self.trial(check.name.to_owned(), check, expectation, commands.clone())
            };
            trials.extend(CHECKS.iter().map(trial));
        }
        trials
    }

    fn trial(
        self,
        test: String,
        check: &'static Check,
        expectation: Expectation,
        commands: Commands,
    ) -> Trial {
        let applies = check.applies(&commands, expectation);
        let grading = self.grading(check, &test, expectation, commands);
        let run = move || match applies {
            true => judge(&grading),
            // Asked for with `--ignored`: there is nothing to run.
            false => Ok(Completion::ignored_with("left out by EXPECT or COMMANDS")),
        };
        Trial::ignorable_test(test, run).with_ignored_flag(!applies)
    }

    fn grading(
        self,
        check: &Check,
        test: &str,
        expectation: Expectation,
        commands: Commands,
    ) -> Grading {
        let (program, arguments) = self
            .command
            .split_first()
            .unwrap_or_else(|| refuse("command", "there is none"));
        Grading {
            subject: Subject {
                program: program.into(),
                arguments: arguments.iter().map(Into::into).collect(),
                sandbox: None,
            },
            expectation,
            commands,
            only: vec![check.name.to_owned()],
            weights: Weights::default(),
            races: crate::RACES,
            repeat: format!("cargo test -p {} {test}", self.name),
        }
    }
}

fn read<T: FromStr<Err: Display>>(constant: &str, text: &str) -> T {
    text.parse()
        .unwrap_or_else(|error: T::Err| refuse(constant, &error.to_string()))
}

fn no_check(name: &str) -> String {
    let all: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
    format!(
        "no check is called '{name}'; expected some of {}",
        all.join(", ")
    )
}

#[expect(clippy::panic, reason = "a test program fails by panicking")]
fn refuse(constant: &str, why: &str) -> ! {
    panic!("tests/lab.rs, {constant}: {why}")
}

/// How often a check is judged whose verdict the machine gave no time for.
const TRIES: u32 = 2;

/// Nothing is green that was not judged.
fn judge(grading: &Grading) -> Result<Completion, Failed> {
    let mut judged = judge_once(grading);
    for _ in 1..TRIES {
        if !matches!(judged, Err(NotPassed::Inconclusive(_))) {
            break;
        }
        judged = judge_once(grading);
    }
    judged.map_err(|undecided| match undecided {
        NotPassed::Failed(report) => report.into(),
        NotPassed::Inconclusive(why) => {
            format!("not judged, in {TRIES} tries: {why}; run the test again").into()
        }
    })
}

/// Why a check did not pass.
enum NotPassed {
    Failed(String),
    Inconclusive(String),
}

fn judge_once(grading: &Grading) -> Result<Completion, NotPassed> {
    let report = match grading.run(&Registry::default()) {
        Ok(report) => report,
        Err(no_server) if no_server.is_the_machines() => {
            return Err(NotPassed::Inconclusive(no_server.to_string()));
        }
        Err(no_server) => return Err(NotPassed::Failed(no_server.to_string())),
    };
    for entry in &report.entries {
        match &entry.verdict {
            Verdict::Passed { .. } => {}
            Verdict::Skipped { reason } => {
                return Ok(Completion::ignored_with(reason));
            }
            Verdict::Inconclusive { reason } => {
                return Err(NotPassed::Inconclusive(reason.clone()));
            }
            _ => return Err(NotPassed::Failed(report.render(Format::Text))),
        }
    }
    Ok(Completion::Completed)
}

/// The options, and the names of checks, of which the harness takes only one.
fn split(all: impl Iterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let (mut options, mut names) = (Vec::new(), Vec::new());
    let mut takes_next = true; // the program's own name
    for argument in all {
        match takes_next || argument.starts_with('-') {
            true => {
                takes_next = WITH_A_VALUE.contains(&argument.as_str());
                options.push(argument);
            }
            false => names.push(argument),
        }
    }
    (options, names)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn several_names_and_the_values_of_options_are_told_apart() {
        let line = "lab slow --test-threads 2 --exact at_once";
        let (options, names) = split(line.split(' ').map(str::to_owned));
        assert_eq!(options, ["lab", "--test-threads", "2", "--exact"]);
        assert_eq!(names, ["slow", "at_once"]);
    }
}
