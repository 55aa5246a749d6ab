//! Replies, and how they are written.

use std::io::{self, Write};

use crate::Rows;

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
    /// The number that HELLO takes and returns.
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
    /// An error such as `-ERR …`: one line, its code first. Made by [`Reply::error`],
    /// which keeps it one line.
    Error(Vec<u8>),
    /// A signed 64-bit integer.
    Integer(i64),
    /// Any bytes, with their length before them.
    Bulk(Vec<u8>),
    /// Replies in order.
    Array(Vec<Reply>),
    /// An array whose items are made while they are written; read back it is an array.
    Rows(Rows),
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
        let written = self.write(version, out);
        debug_assert!(written.is_ok(), "a Vec takes every byte");
    }

    /// Writes the reply's bytes, each bulk string whole: a long reply needs no copy in
    /// memory.
    ///
    /// # Errors
    ///
    /// Those of `out`; a part of the reply may have been written then.
    pub fn write(&self, version: Version, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Simple(text) => line(out, b"+", text),
            Self::Error(text) => line(out, b"-", text),
            Self::Integer(number) => write!(out, ":{number}\r\n"),
            Self::Bulk(bytes) => {
                write!(out, "${}\r\n", bytes.len())?;
                out.write_all(bytes)?;
                out.write_all(b"\r\n")
            }
            Self::Array(items) => {
                write!(out, "*{}\r\n", items.len())?;
                items.iter().try_for_each(|item| item.write(version, out))
            }
            Self::Null => out.write_all(match version {
                Version::Resp2 => b"$-1\r\n",
                Version::Resp3 => b"_\r\n",
            }),
            Self::Rows(rows) => {
                write!(out, "*{}\r\n", rows.len())?;
                rows.iter().try_for_each(|row| row.write(version, out))
            }
            Self::Map(pairs) => {
                match version {
                    Version::Resp2 => write!(out, "*{}\r\n", 2 * pairs.len())?,
                    Version::Resp3 => write!(out, "%{}\r\n", pairs.len())?,
                }
                pairs.iter().try_for_each(|(key, value)| {
                    key.write(version, out)?;
                    value.write(version, out)
                })
            }
        }
    }
}

fn line(out: &mut dyn Write, kind: &[u8], text: &[u8]) -> io::Result<()> {
    out.write_all(kind)?;
    out.write_all(text)?;
    out.write_all(b"\r\n")
}
