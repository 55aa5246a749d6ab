//! What makes a stream of requests unreadable: after one of these there is no next frame.

use thiserror::Error;

use crate::Reply;

/// A frame that breaks the protocol. Its text is what redis-server 7 answers; the
/// connection is closed after it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProtocolError {
    /// Occurs when an inline request has no end within
    /// [`limits::LINE`](crate::limits::LINE).
    #[error("Protocol error: too big inline request")]
    InlineTooBig,
    /// Occurs when the line of a `*N` has no end within
    /// [`limits::LINE`](crate::limits::LINE).
    #[error("Protocol error: too big mbulk count string")]
    CountLineTooBig,
    /// Occurs when the line of a `$N` has no end within
    /// [`limits::LINE`](crate::limits::LINE).
    #[error("Protocol error: too big bulk count string")]
    LengthLineTooBig,
    /// Occurs when N of `*N` is no integer, or a request has more than
    /// [`limits::ARGUMENTS`](crate::limits::ARGUMENTS).
    #[error("Protocol error: invalid multibulk length")]
    InvalidCount,
    /// Occurs when N of `$N` is no integer from 0 to
    /// [`limits::ARGUMENT`](crate::limits::ARGUMENT), or makes the request larger than
    /// [`limits::REQUEST`](crate::limits::REQUEST).
    #[error("Protocol error: invalid bulk length")]
    InvalidLength,
    /// Occurs when a line inside an array does not start with `$`.
    #[error("Protocol error: expected '$', got '{}'", printable(.0))]
    ExpectedBulk(u8),
    /// Occurs when a quote is not closed, or something other than a blank follows it.
    #[error("Protocol error: unbalanced quotes in request")]
    UnbalancedQuotes,
    /// Occurs when the system has no memory for a request that has arrived.
    #[error("out of memory")]
    OutOfMemory,
}

impl ProtocolError {
    /// The error reply, after which the connection is closed.
    ///
    /// Differs from the text of `Display` where the unexpected byte is not ASCII: here it
    /// stands as it came.
    #[must_use]
    pub fn to_reply(self) -> Reply {
        let mut line = b"ERR ".to_vec();
        match self {
            Self::ExpectedBulk(byte) => {
                line.extend_from_slice(b"Protocol error: expected '$', got '");
                line.extend_from_slice(&[byte, b'\'']);
            }
            other => line.extend_from_slice(other.to_string().as_bytes()),
        }
        Reply::error(line)
    }
}

fn printable(byte: &u8) -> String {
    byte.escape_ascii().to_string()
}
