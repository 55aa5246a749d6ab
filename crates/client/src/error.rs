//! What can go wrong between a client and its server, in the words of the person at the
//! client.

use std::{io, time::Duration};

use proto::ReplyError;
use thiserror::Error;

/// A request that got no reply. An error reply is a reply: see [`Reply`](crate::Reply).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Occurs when an address is not `HOST:PORT`, or its host has no address.
    #[error("cannot find '{address}': {}; an address is HOST:PORT", reason(.source))]
    UnknownAddress {
        /// As it was given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// Occurs when no connection comes about: nobody listens there, or it is out of
    /// reach.
    #[error(
        "cannot connect to {address}: {}; is a server running there?",
        reason(.source)
    )]
    CannotConnect {
        /// As it was given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// Occurs when an operation was not done by its deadline.
    #[error("{address}: {what} took longer than {}", humantime::format_duration(*.after))]
    TimedOut {
        /// As it was given.
        address: String,
        /// What was going on.
        what: &'static str,
        /// The time it had.
        after: Duration,
    },
    /// Occurs when the server has closed or reset the connection.
    #[error(
        "{address}: the server closed the connection{}",
        if *.mid_reply { " in the middle of a reply" } else { "" }
    )]
    Closed {
        /// As it was given.
        address: String,
        /// Whether a reply had begun.
        mid_reply: bool,
        /// Whether it was a reset: what was on its way is lost.
        was_reset: bool,
    },
    /// Occurs when what came is no reply of the protocol.
    #[error("{address}: {source}; does another kind of server run there?")]
    BadReply {
        /// As it was given.
        address: String,
        /// What is wrong with it.
        source: ReplyError,
    },
    /// Occurs when the system fails to send or to receive for another reason.
    #[error("{address}: {what} failed: {}", reason(.source))]
    Failed {
        /// As it was given.
        address: String,
        /// What was going on.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

/// What the system said, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}
