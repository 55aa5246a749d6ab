//! The command line of the grader.

use std::{ffi::OsString, path::PathBuf};

use crate::{
    CHECKS, Commands, Confinement, Expectation, Format, Grading, RACES, Sandbox, Subject,
    Weights, WeightsError,
};
use clap::{Parser, builder::PossibleValuesParser};

const HELP: &str = "\
{about}

Examples:
  grader target/debug/threaded-server
  grader --expect limit=2 threaded-server --max-clients 2
  grader --only slow,idle python3 server.py
  grader --format junit --output report.xml ./server

{usage-heading} {usage}

{all-args}

Exit status: 0 all checks passed, 1 some failed, 2 wrong usage or no check to run,
3 inconclusive or a fault of the environment, 4 no server to judge. With --format
gradescope or junit: 0 if the checks ran to their end, whatever they found, 1 if there
was no server to judge, 2 and 3 as above.";

/// Judges any server program from outside: by its replies, and by its process
#[derive(Debug, Parser)]
#[command(version, help_template = HELP, term_width = 0)]
pub struct Options {
    /// Judge the server as concurrent, serial, or limit=N
    /// (exactly N clients at once)
    #[arg(
        long,
        value_name = "KIND",
        default_value = "concurrent",
        verbatim_doc_comment
    )]
    expect: Expectation,

    /// Name the commands that the server knows: some of PING,ECHO,
    /// SLEEP,RUN,MEET,INCR,PRIMES,REGISTER,ROSTER [default: the first
    /// six]. Checks that need others do not run
    #[arg(long, value_name = "NAMES", verbatim_doc_comment)]
    commands: Option<Commands>,

    /// Run only CHECKS, some of contract, answers, framing,
    /// half-close, late-reader, idle, slow, computing, unread,
    /// at-once, cross-talk, lost-update, lock-order, log,
    /// rude-clients, many-clients, busy-waiting, drain and
    /// register
    #[arg(long, value_name = "CHECKS", value_delimiter = ',')]
    #[arg(value_parser = check_names())]
    #[arg(hide_possible_values = true, verbatim_doc_comment)]
    only: Vec<String>,

    /// Take the points of checks from FILE, a JSON object such as
    /// {"slow": 9, "idle": 0}; the other checks keep their points
    #[arg(long, value_name = "FILE", value_parser = weights, verbatim_doc_comment)]
    weights: Option<Weights>,

    /// Spend TIME of processor time, at most 3s, on races in each of
    /// cross-talk, lock-order and log. lost-update takes four times
    /// TIME, or twice with a limit or in Python. A longer TIME finds
    /// rarer races [default: 500ms]
    #[arg(long, value_name = "TIME", verbatim_doc_comment)]
    races: Option<humantime::Duration>,

    /// Write the report as text for people, json (docs/grading.md),
    /// gradescope (results.json), or junit for CI services
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(verbatim_doc_comment)]
    pub format: Format,

    /// Write the report to FILE, and the table to standard output.
    /// Until the end, FILE says that the grading did not finish
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub output: Option<PathBuf>,

    /// After a failed check, print TEXT as the command that runs the
    /// check again. The word CHECK in it becomes the check's name
    /// [default: this command]
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    repeat: Option<String>,

    /// Confine the servers with the program bubblewrap: no network,
    /// read-only files, a private /tmp, limits on memory, processes
    /// and time
    #[arg(long, verbatim_doc_comment)]
    pub sandbox: bool,

    /// Confine the servers: HOW is bubblewrap, as with --sandbox, or
    /// user: each server runs as a user of its own, which needs root
    #[arg(long, value_name = "HOW", value_enum, conflicts_with = "sandbox")]
    #[arg(hide_possible_values = true, verbatim_doc_comment)]
    pub confine: Option<Confinement>,

    /// Let a confined server also read PATH
    #[arg(long, value_name = "PATH")]
    show: Vec<PathBuf>,

    /// The server's program and its arguments; the grader adds
    /// `--listen 127.0.0.1:0`
    #[arg(
        verbatim_doc_comment,
        required = true,
        trailing_var_arg = true,
        value_name = "COMMAND"
    )]
    command: Vec<OsString>,
}

impl Options {
    /// How the servers are confined, if they are.
    #[must_use]
    pub fn confinement(&self) -> Option<Sandbox> {
        let bubblewrap = self.sandbox.then_some(Confinement::Bubblewrap);
        let by = self.confine.or(bubblewrap)?;
        let show = self.show.clone();
        Some(Sandbox { by, show })
    }

    /// What to judge, and how; `None` without a command.
    #[must_use]
    pub fn grading(self) -> Option<Grading> {
        let (program, arguments) = self.command.split_first()?;
        let subject = Subject {
            program: program.clone(),
            arguments: arguments.to_vec(),
            sandbox: self.confinement(),
        };
        let repeat = self.repeat.unwrap_or_else(|| {
            let commands = match &self.commands {
                Some(commands) => format!(" --commands {commands}"),
                None => String::new(),
            };
            let weights = match self.weights.as_ref().and_then(Weights::file) {
                Some(file) => format!(" --weights {}", file.display()),
                None => String::new(),
            };
            let sandbox = if self.sandbox { " --sandbox" } else { "" };
            let expect = self.expect;
            format!(
                "grader --expect {expect}{commands}{weights}{sandbox} --only CHECK -- \
                 {subject}"
            )
        });
        Some(Grading {
            subject,
            expectation: self.expect,
            commands: self.commands.unwrap_or_default(),
            only: self.only,
            weights: self.weights.unwrap_or_default(),
            races: self.races.map_or(RACES, Into::into),
            repeat,
        })
    }
}

fn weights(file: &str) -> Result<Weights, WeightsError> {
    Weights::read(file.as_ref())
}

fn check_names() -> PossibleValuesParser {
    CHECKS
        .iter()
        .map(|check| check.name)
        .collect::<Vec<_>>()
        .into()
}
