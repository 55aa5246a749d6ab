//! What can go wrong between a command and a server that is listening.

use std::{fmt::Write, io, path::PathBuf, process::ExitStatus, time::Duration};

use thiserror::Error;

use proto::printable;

use crate::OutputLine;

/// How many of the last lines a message shows.
const SHOWN: usize = 20;

/// A server that could not be started, or did not stop. The first line of the text is the
/// error; the last lines of the server's output follow it, if it printed any.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LaunchError {
    /// Occurs when a command is empty or leaves a quote open.
    #[error("cannot read the command '{command}': {why}")]
    BadCommand {
        /// As it was given.
        command: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Occurs when no program has this name, neither beside this one nor in PATH.
    #[error(
        "no program '{program}' beside this one or in PATH: build it, or give its path"
    )]
    NotFound {
        /// As it was given.
        program: String,
    },
    /// Occurs when there is nothing at the program's path.
    #[error("no program at {}: build it, or correct its path", found.display())]
    NoFile {
        /// From the root of the file system.
        found: PathBuf,
    },
    /// Occurs when the system refuses to run the program.
    #[error("cannot start '{program}': {source}")]
    CannotStart {
        /// As it was given.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// Occurs when the program ended before its first line was read.
    #[error(
        "'{program}' ended with {status} before it printed 'listening on ADDR'{}",
        shown(.output)
    )]
    ExitedEarly {
        /// As it was given.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// What it printed.
        output: Vec<OutputLine>,
    },
    /// Occurs when the program printed no line on standard output in time.
    #[error(
        "'{program}' did not print 'listening on ADDR' within {within:?}{}",
        shown(.output)
    )]
    NotAnnounced {
        /// As it was given.
        program: String,
        /// How long it had.
        within: Duration,
        /// What it printed.
        output: Vec<OutputLine>,
    },
    /// Occurs when the caller would not wait any longer.
    #[error("'{program}' was stopped before it printed 'listening on ADDR'")]
    GivenUp {
        /// As it was given.
        program: String,
    },
    /// Occurs when the first line on standard output is not `listening on IP:PORT`.
    #[error(
        "the first line of '{program}' must be 'listening on IP:PORT'{}",
        shown(.output)
    )]
    BadAnnouncement {
        /// As it was given.
        program: String,
        /// The line it printed.
        line: String,
        /// What it printed.
        output: Vec<OutputLine>,
    },
    /// Occurs when a server has not ended in time.
    #[error("'{program}' still runs after {within:?}")]
    StillRuns {
        /// As it was given.
        program: String,
        /// How long it had.
        within: Duration,
    },
    /// Occurs when the system does not say how a server ended.
    #[error("cannot find out how '{program}' ended: {source}")]
    CannotWait {
        /// As it was given.
        program: String,
        /// What the system said.
        source: io::Error,
    },
}

fn shown(output: &[OutputLine]) -> String {
    if output.is_empty() {
        return "; it printed nothing".to_owned();
    }
    let from = output.len().saturating_sub(SHOWN);
    let mut text = "; its last output:".to_owned();
    for line in output.get(from..).unwrap_or_default() {
        let line: String = line.text.chars().take(500).collect();
        let line = printable(&line);
        let written = write!(text, "\n  | {line}");
        debug_assert!(written.is_ok(), "a String takes every text");
    }
    text
}
