//! Why the program could not do what it was asked: one line on standard error, status
//! 255.

use std::io;

use client::ClientError;
use thiserror::Error;

/// The exit status of every failure of the program's own, as ssh has it.
pub(crate) const STATUS: u8 = 255;

/// A failure of the program's own.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// Occurs when a request gets no reply.
    #[error("{0}{hint}", hint = hint(.0))]
    Client(#[from] ClientError),
    /// Occurs when the one argument that is to be read as a line has an open quote.
    #[error("cannot read the request: {0}; put quotes around each word separately")]
    Request(#[from] proto::ProtocolError),
    /// Occurs when a question that needs an answer gets none.
    #[error("no {0} was given: type it, or use the flag")]
    NoAnswer(&'static str),
    /// Occurs when standard input cannot be read.
    #[error("cannot read standard input: {0}")]
    Input(io::Error),
    /// Occurs when standard output or standard error cannot be written.
    #[error("cannot write the output: {0}")]
    Output(io::Error),
}

fn hint(error: &ClientError) -> &'static str {
    match error {
        ClientError::TimedOut { .. } => "; --timeout allows more, and 0 waits for ever",
        _ => "",
    }
}
