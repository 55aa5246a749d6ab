//! What makes a stream of replies unreadable.

use thiserror::Error;

/// A reply that breaks the protocol, as a client sees it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReplyError {
    /// Occurs when a reply starts with a byte that stands for no type of this protocol.
    #[error("a reply starts with '{}'; expected one of + - : $ * %", .0.escape_ascii())]
    UnknownType(u8),
    /// Occurs when the number after `:`, `$`, `*` or `%` is none.
    #[error("a reply has '{}' where a number is due", .0.escape_ascii())]
    InvalidNumber(Vec<u8>),
    /// Occurs when a line, a bulk string or the nesting is larger than a client reads.
    #[error("a reply is larger than this client reads")]
    TooBig,
    /// Occurs when no CR LF stands where one is due.
    #[error("a reply lacks the CR LF at its end")]
    MissingEnd,
}
