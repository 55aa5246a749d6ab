//! The tests of a lab crate: one for each check, run by `cargo test`.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::{CHECKS, Commands, Expectation, Format, Grading, Registry, Subject, Verdict};

/// Options of a test program that take a value.
const WITH_A_VALUE: &[&str] = &[
    "--skip",
    "--test-threads",
    "--format",
    "--color",
    "--logfile",
    "-Z",
];

/// What is expected of the server of a lab crate.
#[derive(Clone, Copy, Debug)]
pub struct LabTests {
    /// The path of the server's program.
    pub program: &'static str,
    /// The name of the crate.
    pub name: &'static str,
    /// As [`Expectation`] reads it.
    pub expect: &'static str,
    /// As [`Commands`] reads them; a check that needs more is shown as ignored.
    pub commands: &'static str,
}

impl LabTests {
    /// Reads the command line of `cargo test`, and runs the checks that it names: several
    /// names may be given, and each stands for the checks that contain it.
    ///
    /// # Panics
    ///
    /// When the expectation or the commands cannot be read.
    #[expect(clippy::panic, reason = "a test program fails by panicking")]
    #[must_use]
    pub fn run(self) -> ExitCode {
        let expectation: Expectation = match self.expect.parse() {
            Ok(expectation) => expectation,
            Err(error) => panic!("EXPECT: {error}"),
        };
        let commands: Commands = match self.commands.parse() {
            Ok(commands) => commands,
            Err(error) => panic!("COMMANDS: {error}"),
        };
        let (arguments, names) = split(std::env::args());
        let wanted = |check: &str| {
            let test = check.replace('-', "_");
            names.is_empty()
                || names
                    .iter()
                    .any(|name| test.contains(&name.replace('-', "_")))
        };
        let chosen = CHECKS.iter().filter(|check| wanted(check.name));
        let trials: Vec<Trial> = chosen
            .map(|check| {
                let applies = check.applies(&commands, expectation);
                let grading = self.grading(check.name, expectation, commands.clone());
                let test = check.name.replace('-', "_");
                Trial::ignorable_test(test, move || match applies {
                    true => judge(&grading),
                    false => {
                        Ok(Completion::ignored_with("left out by EXPECT or COMMANDS"))
                    }
                })
            })
            .collect();
        if trials.is_empty() {
            let all: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
            eprintln!("no check has such a name; there are: {}", all.join(", "));
            return ExitCode::FAILURE;
        }
        libtest_mimic::run(&Arguments::from_iter(arguments), trials).exit_code()
    }

    fn grading(
        self,
        check: &str,
        expectation: Expectation,
        commands: Commands,
    ) -> Grading {
        Grading {
            subject: Subject {
                program: self.program.into(),
                arguments: Vec::new(),
                sandbox: None,
            },
            expectation,
            commands,
            only: vec![check.to_owned()],
            repeat: format!("cargo test -p {} {}", self.name, check.replace('-', "_")),
        }
    }
}

fn judge(grading: &Grading) -> Result<Completion, Failed> {
    let report = grading
        .run(&Registry::default())
        .map_err(|no_server| Failed::from(no_server.to_string()))?;
    for entry in &report.entries {
        match &entry.verdict {
            Verdict::Passed { .. } => {}
            Verdict::Inconclusive { reason } | Verdict::Skipped { reason } => {
                return Ok(Completion::ignored_with(reason));
            }
            _ => return Err(report.render(Format::Text).into()),
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
