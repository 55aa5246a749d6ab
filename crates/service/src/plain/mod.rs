//! `--plain`: clients that send text as it is, without frames, as the clients of a first
//! lesson do. Each message is what one command is given, and its reply goes back as text.
//!
//! TCP has no messages, so that this is a guess: a message is a line, or what has come
//! when the client is silent for a moment or has closed its side.
//!
//! `decoder.rs` makes requests of messages, of which `fields.rs` divides those for
//! REGISTER, and `reply.rs` makes text of replies.

mod decoder;
mod fields;
mod reply;

use clap::builder::{PossibleValuesParser, TypedValueParser};

pub(crate) use decoder::PlainDecoder;
pub(crate) use reply::text;

/// What a message is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The message is a text for SAY: whatever it is, the greeting or the operator
    /// answers.
    Say,
    /// The message is a program for RUN, with its arguments.
    Run,
    /// Name, student id and GitHub name for REGISTER: on one line with commas between
    /// them, or each a message of its own.
    Register,
}

/// How `--plain` is written.
pub(crate) fn parser() -> impl TypedValueParser<Value = Plain> {
    PossibleValuesParser::new(["say", "run", "register"]).map(|name| {
        match name.as_str() {
            "run" => Plain::Run,
            "register" => Plain::Register,
            _ => Plain::Say,
        }
    })
}
