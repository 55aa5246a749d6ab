//! What ends the program early, and its exit status.

use std::{io, path::PathBuf};

use launch::LaunchError;
use thiserror::Error;

use crate::{
    play::PlayError,
    replay::ReplayError,
    scenario::{ScenarioError, SpeedError},
};

/// An end before the end.
#[derive(Debug, Error)]
pub enum Error {
    /// Occurs when a scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Occurs when `--speed` is no speed.
    #[error("--speed: {0}")]
    Speed(#[from] SpeedError),
    /// Occurs when the options don't go together.
    #[error("{0}")]
    Usage(String),
    /// Occurs when no server of a scenario can be started here.
    #[error("{scenario} was not played: {why}")]
    NothingToPlay {
        /// The scenario's name.
        scenario: String,
        /// What each server lacks.
        why: String,
    },
    /// Occurs when a run came to no end.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// Occurs when a recorded run cannot be shown again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// Occurs when a signal ended a replay.
    #[error("stopped by signal {signal}")]
    Stopped {
        /// Its number.
        signal: u8,
    },
    /// Occurs when an export cannot be written.
    #[error("cannot write {}: {source}", .file.display())]
    Export {
        /// What was to be written.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Occurs when the chart cannot be written, or a key cannot be read.
    #[error("cannot use the terminal or the output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// Whether a signal such as Ctrl-C ended the run.
    #[must_use]
    pub fn is_interrupt(&self) -> bool {
        matches!(self, Self::Play(PlayError::Interrupted { .. }))
    }

    /// The exit status: 2 usage, 3 environment, 4 a server, 128 and a signal.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Scenario(_) | Self::Speed(_) | Self::Usage(_) | Self::Replay(_) => 2,
            Self::Stopped { signal } => signal.saturating_add(128),
            Self::Export { .. } | Self::Output(_) | Self::NothingToPlay { .. } => 3,
            Self::Play(error) => match error {
                PlayError::Launch { source, .. } => match source {
                    LaunchError::BadCommand { .. } => 2,
                    LaunchError::NotFound { .. }
                    | LaunchError::NoFile { .. }
                    | LaunchError::CannotStart { .. } => 3,
                    _ => 4,
                },
                PlayError::NoThread(_) => 3,
                PlayError::NoAnswer { .. } | PlayError::Crashed { .. } => 4,
                PlayError::Interrupted { signal } => signal.saturating_add(128),
            },
        }
    }
}
