//! What keeps a client from a reply, and how a report words it.

use std::{fmt, io::ErrorKind, time::Duration};

use client::ClientError;
use proto::Reply;

/// What can keep a client from the reply that is due, to be read after the name of a
/// request.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// No whole reply came, within the time or while the server slept.
    Silent {
        after: Duration,
        slept: bool,
        /// How many bytes of it came.
        begun: usize,
    },
    /// Nobody listens any more.
    Refused,
    /// The grader's own machine failed.
    Ours(String),
    Closed {
        mid_reply: bool,
        was_reset: bool,
    },
    Garbled(String),
    Unexpected {
        reply: Reply,
        due: String,
        /// Whether it is the reply that is due, without the end of its text.
        is_cut: bool,
        /// From which of its bytes on it is shown: the two do not differ before.
        from: usize,
    },
}

impl Trouble {
    /// `reply` came, and what is due is no single reply.
    pub(crate) fn other(reply: Reply, due: &str) -> Self {
        Self::Unexpected {
            reply,
            due: due.to_owned(),
            is_cut: false,
            from: 0,
        }
    }

    /// `reply` came instead of the one that is `due`.
    pub(crate) fn instead(reply: Reply, due: &Reply) -> Self {
        let is_cut = match (&reply, due) {
            (Reply::Bulk(text), Reply::Bulk(whole)) => {
                text.len() < whole.len() && whole.starts_with(text)
            }
            _ => false,
        };
        let (got, due) = (encoded(&reply), encoded(due));
        let from = shown_from(&got, &due);
        let due = part_shown(&due, from);
        Self::Unexpected {
            reply,
            due,
            is_cut,
            from,
        }
    }
}

impl Trouble {
    /// Whether the server slept over the end of a reply.
    pub(crate) fn is_begun(&self) -> bool {
        matches!(
            self,
            Self::Silent {
                slept: true,
                begun: 1..,
                ..
            }
        )
    }

    /// Whether what is due came as a reply of another type: the first byte says which. A
    /// reply with another text may be due to another request.
    pub(crate) fn is_of_another_type(&self) -> bool {
        let Self::Unexpected {
            reply,
            due,
            from: 0,
            ..
        } = self
        else {
            return false;
        };
        let text = match reply {
            Reply::Simple(text) | Reply::Bulk(text) => text.escape_ascii().to_string(),
            Reply::Integer(number) => number.to_string(),
            _ => return false,
        };
        let is_number =
            || !matches!(reply, Reply::Integer(_)) && text.parse::<i64>().is_ok();
        match due.strip_prefix('`') {
            Some(due) => {
                due.as_bytes().first() != shown(reply).as_bytes().get(1)
                    && !text.is_empty()
                    && due.contains(&text)
            }
            None => due == "an integer" && is_number(),
        }
    }
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::TimedOut { after, .. } => Self::Silent {
                after,
                slept: false,
                begun: 0,
            },
            ClientError::Closed {
                mid_reply,
                was_reset,
                ..
            } => Self::Closed {
                mid_reply,
                was_reset,
            },
            ClientError::BadReply { source, .. } => Self::Garbled(source.to_string()),
            ClientError::CannotConnect { source, .. }
            | ClientError::Failed { source, .. } => match source.kind() {
                ErrorKind::ConnectionRefused => Self::Refused,
                ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::NotConnected => Self::Closed {
                    mid_reply: false,
                    was_reset: source.kind() == ErrorKind::ConnectionReset,
                },
                _ => Self::Ours(source.to_string()),
            },
            other => Self::Ours(other.to_string()),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent {
                after,
                slept,
                begun,
            } => {
                match begun {
                    0 => formatter.write_str("got no answer")?,
                    1 => formatter.write_str("got only the first byte of its reply")?,
                    _ => write!(
                        formatter,
                        "got only the first {begun} bytes of its reply"
                    )?,
                }
                let meanwhile = "; meanwhile the server slept for";
                let how = if *slept { meanwhile } else { " within" };
                write!(formatter, "{how} {after:.0?}")
            }
            Self::Refused => formatter.write_str("was refused: nothing listens there"),
            Self::Ours(why) => write!(formatter, "could not be sent: {why}"),
            Self::Closed { mid_reply, .. } => formatter.write_str(match mid_reply {
                true => "was cut off in the middle of the reply",
                false => "got no reply: the server closed the connection",
            }),
            Self::Garbled(why) => {
                write!(formatter, "got a reply that is not of the protocol: {why}")
            }
            Self::Unexpected {
                reply, due, from, ..
            } => {
                let got = part_shown(&encoded(reply), *from);
                let part = match from {
                    0 => String::new(),
                    from => format!(" from byte {} on", from + 1),
                };
                write!(formatter, "got {got} instead of {due}{part}")
            }
        }
    }
}

/// How many bytes of a reply are shown, and of those before the first difference.
const MOST: usize = 80;
const BEFORE: usize = 20;

/// A reply as its bytes, cut to what fits a line.
pub(crate) fn shown(reply: &Reply) -> String {
    part_shown(&encoded(reply), 0)
}

fn encoded(reply: &Reply) -> Vec<u8> {
    let mut bytes = Vec::new();
    reply.encode(proto::Version::Resp2, &mut bytes);
    bytes
}

/// From which byte on two replies are shown, so that their difference is seen.
fn shown_from(one: &[u8], other: &[u8]) -> usize {
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other);
    let same = same.count();
    if same + BEFORE < MOST {
        return 0;
    }
    same - BEFORE
}

fn part_shown(bytes: &[u8], from: usize) -> String {
    let start = if from > 0 { "…" } else { "" };
    let bytes = bytes.get(from..).unwrap_or_default();
    let cut = bytes.get(..MOST);
    let text = cut.unwrap_or(bytes).escape_ascii().to_string();
    let end = if cut.is_some() { "…" } else { "" };
    format!("`{start}{text}{end}`")
}

#[cfg(test)]
mod tests {
    use proto::Reply;

    use super::Trouble;

    #[test]
    fn what_differs_is_shown_however_late_it_comes() {
        let text = |end: &str| Reply::text(&("a".repeat(200) + end));
        let shown = |got, due| Trouble::instead(got, &due).to_string();
        assert_eq!(
            shown(text("xyz"), text("qwe")),
            "got `…aaaaaaaaaaaaaaaaaaaaxyz\\r\\n` instead of \
             `…aaaaaaaaaaaaaaaaaaaaqwe\\r\\n` from byte 187 on"
        );
        assert_eq!(
            shown(Reply::text("one"), Reply::text("two")),
            "got `$3\\r\\none\\r\\n` instead of `$3\\r\\ntwo\\r\\n`"
        );
    }
}
