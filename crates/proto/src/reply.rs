//! Replies, and how they are written.

use std::io::Write;

/// The version of RESP that a connection speaks; HELLO changes it.
///
/// The two differ in maps and in nulls; the kit's own replies hold no null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// Where every connection starts.
    #[default]
    Resp2,
    /// With a type of its own for maps.
    Resp3,
}

impl Version {
    /// The number that HELLO takes and tells.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Resp2 => 2,
            Self::Resp3 => 3,
        }
    }
}

/// One reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A status such as `+OK`: one line.
    Simple(Vec<u8>),
    /// An error such as `-ERR …`: one line, its code first. Made by [`Reply::error`], which
    /// keeps it one line.
    Error(Vec<u8>),
    /// A signed 64-bit integer.
    Integer(i64),
    /// Any bytes, with their length before them.
    Bulk(Vec<u8>),
    /// Replies in order.
    Array(Vec<Reply>),
    /// Pairs; a flat array in RESP2.
    Map(Vec<(Reply, Reply)>),
    /// Nothing, where Redis has no value to answer with. The kit's servers never do.
    Null,
}

impl Reply {
    /// `+OK`.
    #[must_use]
    pub fn ok() -> Self {
        Self::Simple(b"OK".to_vec())
    }

    /// An error line, its code first (`ERR …`). CR and LF become blanks.
    ///
    /// ```
    /// let reply = proto::Reply::error("ERR no\nsuch thing");
    /// assert_eq!(reply, proto::Reply::Error(b"ERR no such thing".to_vec()));
    /// ```
    #[must_use]
    pub fn error(line: impl Into<Vec<u8>>) -> Self {
        let mut line = line.into();
        for byte in &mut line {
            if matches!(byte, b'\r' | b'\n') {
                *byte = b' ';
            }
        }
        Self::Error(line)
    }

    /// A text as a bulk string.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Bulk(text.as_bytes().to_vec())
    }

    /// Appends the reply's bytes. The dual of [`ReplyDecoder`](crate::ReplyDecoder).
    pub fn encode(&self, version: Version, out: &mut Vec<u8>) {
        match self {
            Self::Simple(text) => line(out, b'+', text),
            Self::Error(text) => line(out, b'-', text),
            Self::Integer(number) => header(out, ':', *number),
            Self::Bulk(bytes) => {
                header(out, '$', bytes.len());
                out.extend_from_slice(bytes);
                out.extend_from_slice(b"\r\n");
            }
            Self::Array(items) => {
                header(out, '*', items.len());
                for item in items {
                    item.encode(version, out);
                }
            }
            Self::Null => out.extend_from_slice(match version {
                Version::Resp2 => b"$-1\r\n",
                Version::Resp3 => b"_\r\n",
            }),
            Self::Map(pairs) => {
                match version {
                    Version::Resp2 => header(out, '*', 2 * pairs.len()),
                    Version::Resp3 => header(out, '%', pairs.len()),
                }
                for (key, value) in pairs {
                    key.encode(version, out);
                    value.encode(version, out);
                }
            }
        }
    }
}

fn line(out: &mut Vec<u8>, kind: u8, text: &[u8]) {
    out.push(kind);
    out.extend_from_slice(text);
    out.extend_from_slice(b"\r\n");
}

fn header(out: &mut Vec<u8>, kind: char, number: impl std::fmt::Display) {
    let written = write!(out, "{kind}{number}\r\n");
    debug_assert!(written.is_ok(), "a Vec takes every byte");
}
