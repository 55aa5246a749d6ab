//! What makes one request unusable; the connection stays usable after it.

use std::fmt;

use crate::{Arguments, Reply, limits};

/// A request that was read but cannot be carried out.
///
/// Its error line is made by [`to_reply`](Self::to_reply). Texts that Redis has too are
/// the ones of redis-server 7.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// Occurs when no command has the name that is the first of these arguments.
    UnknownCommand(Arguments),
    /// Occurs when a command got too few or too many arguments.
    WrongNumberOfArguments {
        /// The command's name in lower case.
        command: &'static str,
    },
    /// Occurs when an amount is no signed 64-bit integer.
    NotAnInteger,
    /// Occurs when what should be a duration is none.
    InvalidDuration(Vec<u8>),
    /// Occurs when a number is none, or outside of what its command takes.
    InvalidNumber {
        /// What came.
        text: Vec<u8>,
        /// Which command takes what.
        accepted: String,
    },
    /// Occurs when HELLO names a version that is no integer.
    VersionNotAnInteger,
    /// Occurs when HELLO names a version other than 2 and 3.
    UnsupportedVersion,
    /// Occurs when HELLO has an option, such as AUTH, after the version: none is known
    /// here.
    HelloOption(Vec<u8>),
    /// Occurs when TIMED is given a request about the connection, or itself.
    NotTimed {
        /// The command's name in lower case.
        command: &'static str,
    },
}

impl RequestError {
    /// The error reply: one line, in which what came from the client is cut at
    /// [`limits::ECHOED`] bytes and has blanks for line ends.
    #[must_use]
    pub fn to_reply(&self) -> Reply {
        let mut line = Vec::new();
        match self {
            Self::UnknownCommand(arguments) => unknown_command(arguments, &mut line),
            Self::WrongNumberOfArguments { command } => line.extend_from_slice(
                format!("ERR wrong number of arguments for '{command}' command")
                    .as_bytes(),
            ),
            Self::NotAnInteger => {
                line.extend_from_slice(b"ERR value is not an integer or out of range");
            }
            Self::InvalidDuration(text) => {
                line.extend_from_slice(b"ERR invalid duration '");
                line.extend_from_slice(cut(text, limits::ECHOED));
                line.extend_from_slice(b"': try 500ms, 2s or 1m");
            }
            Self::InvalidNumber { text, accepted } => {
                line.extend_from_slice(b"ERR invalid number '");
                line.extend_from_slice(cut(text, limits::ECHOED));
                line.extend_from_slice(format!("': {accepted}").as_bytes());
            }
            Self::VersionNotAnInteger => line.extend_from_slice(
                b"ERR Protocol version is not an integer or out of range",
            ),
            Self::UnsupportedVersion => {
                line.extend_from_slice(b"NOPROTO unsupported protocol version");
            }
            Self::HelloOption(option) => {
                line.extend_from_slice(b"ERR Syntax error in HELLO option '");
                line.extend_from_slice(cut(option, limits::ECHOED));
                line.push(b'\'');
            }
            Self::NotTimed { command } => line.extend_from_slice(
                format!("ERR TIMED does not take '{command}'").as_bytes(),
            ),
        }
        Reply::error(line)
    }
}

/// Redis' own text, its trailing blank included: arguments are added until 128 bytes
/// stand.
fn unknown_command(arguments: &[Vec<u8>], line: &mut Vec<u8>) {
    let (name, rest) = arguments
        .split_first()
        .map_or((&[][..], &[][..]), |(name, rest)| (name.as_slice(), rest));
    let mut echoed = Vec::new();
    for argument in rest {
        if echoed.len() >= limits::ECHOED {
            break;
        }
        let room = limits::ECHOED - echoed.len();
        echoed.push(b'\'');
        echoed.extend_from_slice(cut(argument, room));
        echoed.extend_from_slice(b"' ");
    }
    line.extend_from_slice(b"ERR unknown command '");
    line.extend_from_slice(cut(name, limits::ECHOED));
    line.extend_from_slice(b"', with args beginning with: ");
    line.extend_from_slice(&echoed);
}

fn cut(text: &[u8], most: usize) -> &[u8] {
    text.get(..most).unwrap_or(text)
}

impl fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_reply() {
            Reply::Error(line) => String::from_utf8_lossy(&line).fmt(formatter),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for RequestError {}
