//! What keeps a class, or one submission, from being judged.

use std::{io, path::Path};

use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Environment(String),
    #[error("stopped by signal {0}; what was not judged is marked regrade")]
    Interrupted(u8),
}

impl Error {
    /// The status that the program ends with.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Environment(_) => 3,
            Self::Interrupted(signal) => 128 + signal,
        }
    }

    /// An error of the system, on this file or folder.
    pub(crate) fn at(what: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Environment(format!("{}: {error}", what.display()))
    }
}
