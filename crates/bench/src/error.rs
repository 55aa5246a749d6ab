//! Why a measurement cannot be made.

use std::{io, path::PathBuf, time::Duration};

use client::{ClientError, Reply};
use launch::{Interrupted, LaunchError};
use thiserror::Error;

/// What ends the bench.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Occurs when the report's file cannot be written.
    #[error("cannot write {}: {source}; give another --json FILE", .path.display())]
    Report {
        /// As it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Occurs when standard output cannot be written.
    #[error("cannot write the report: {0}")]
    Output(io::Error),
    /// Occurs when the system refuses a handler for signals.
    #[error("cannot catch signals: {0}")]
    Signals(io::Error),
    /// Occurs when a signal asked the bench to end; its servers are ended then.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Occurs when a server of the kit does not start.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// Occurs when redis-server does not start.
    #[error("redis-server does not answer: {0}; try it by hand")]
    RedisServer(String),
    /// Occurs when a program cannot be run.
    #[error("cannot run {program}: {source}")]
    Program {
        /// Its name.
        program: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Occurs when a run has not ended long after it should have.
    #[error("redis-benchmark did not end within {0:?}: does the server still answer?")]
    TooLong(Duration),
    /// Occurs when redis-benchmark fails, or prints what is no table.
    #[error("redis-benchmark gave no rate: {0}")]
    NoRate(String),
    /// Occurs when the processor time of a server cannot be read: it has ended.
    #[error("{0} ended during a run; try it by hand")]
    Ended(String),
    /// Occurs when one of our own clients gets no reply.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Occurs when a server answers something else than the workload asks for.
    #[error("{server} answered '{request}' with {reply}")]
    WrongReply {
        /// Who answered.
        server: String,
        /// What was asked.
        request: String,
        /// What came.
        reply: String,
    },
    /// Occurs when the system refuses a thread, a socket or a folder to the bench itself.
    #[error("the system refuses the bench {what}: {source}")]
    Refused {
        /// What it refused.
        what: &'static str,
        /// What it said.
        source: io::Error,
    },
}

impl Error {
    pub(crate) fn wrong_reply(server: &str, request: &[&str], reply: &Reply) -> Self {
        Self::WrongReply {
            server: server.to_owned(),
            request: request.join(" "),
            reply: format!("{reply:?}"),
        }
    }

    /// The exit status.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::Interrupted(Interrupted(signal)) => 128 + signal,
            _ => 1,
        }
    }
}
