//! What can go wrong between a scenario and its record.

use std::{io, process::ExitStatus};

use client::ClientError;
use launch::LaunchError;
use thiserror::Error;

/// A run that came to no end.
#[derive(Debug, Error)]
pub enum PlayError {
    /// Occurs when a server's program is missing, does not start or announces no address.
    #[error("{name}: {source}")]
    Launch {
        /// The server's name.
        name: String,
        /// What happened.
        source: LaunchError,
    },
    /// Occurs when a server answers nothing before the run has begun.
    #[error(
        "{name}, tried before the run: {source}{}",
        .output.as_deref().map(shown).unwrap_or_default()
    )]
    NoAnswer {
        /// The server's name.
        name: String,
        /// What happened.
        source: ClientError,
        /// The last lines it printed, if it was launched here.
        output: Option<Vec<String>>,
    },
    /// Occurs when a server ended during the run, or before it.
    #[error("{name} ended with {status} {when}{}", shown(.output))]
    Crashed {
        /// The server's name.
        name: String,
        /// When: `during the run`.
        when: &'static str,
        /// How.
        status: ExitStatus,
        /// The last lines it printed.
        output: Vec<String>,
    },
    /// Occurs when the system refuses a thread.
    #[error("cannot play this many clients: the system refuses a thread: {0}")]
    NoThread(#[from] io::Error),
    /// Occurs when a signal ended the run.
    #[error("stopped by signal {signal}, and stopped the servers")]
    Interrupted {
        /// Its number.
        signal: u8,
    },
}

fn shown(output: &[String]) -> String {
    if output.is_empty() {
        return "; it printed nothing".to_owned();
    }
    let lines: String = output.iter().map(|line| format!("\n  | {line}")).collect();
    format!("; its last output:{lines}")
}
