//! What a thread of a server does, in the words of a report and of a fingerprint.

use launch::{Activity, Observer, SeenThread};

/// What a thread does, as far as it matters for B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doing {
    ReadsFromA,
    ReadsFromB,
    Accepts,
    Joins,
    Waits,
    Sleeps,
    Polls,
    Computes,
    Child,
    Writes,
    /// It has nothing to do with clients: it waits for signals, or for bytes of a pipe.
    Aside,
    Elsewhere,
}

impl Doing {
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::ReadsFromA => "read-a",
            Self::ReadsFromB => "read-b",
            Self::Accepts => "accept",
            Self::Joins => "join",
            Self::Waits => "wait",
            Self::Sleeps => "sleep",
            Self::Polls => "poll",
            Self::Computes => "run",
            Self::Child => "child",
            Self::Writes => "write",
            Self::Aside => "aside",
            Self::Elsewhere => "call",
        }
    }

    /// As a sentence has it, of one thread or of several.
    pub(super) fn words(self, count: usize) -> &'static str {
        let (one, more) = match self {
            Self::ReadsFromA => ("reads from A", "read from A"),
            Self::ReadsFromB => ("reads from B", "read from B"),
            Self::Accepts => ("waits for a connection", "wait for a connection"),
            Self::Joins => ("waits for a thread to end", "wait for a thread to end"),
            Self::Waits => (
                "waits for another thread: at a lock, a join, or the end of a scope",
                "wait for another thread: at a lock, a join, or the end of a scope",
            ),
            Self::Sleeps => ("sleeps", "sleep"),
            Self::Polls => (
                "waits for a socket, or until a time is over",
                "wait for a socket, or until a time is over",
            ),
            Self::Computes => ("computes", "compute"),
            Self::Child => ("waits for a child process", "wait for a child process"),
            Self::Writes => ("waits to write", "wait to write"),
            Self::Aside => ("waits for something else", "wait for something else"),
            Self::Elsewhere => ("is in another system call", "are in other system calls"),
        };
        if count == 1 { one } else { more }
    }
}

/// What a thread does; `a` and `b` are the sockets of A and B in the server.
pub(super) fn doing(
    observer: &Observer,
    thread: &SeenThread,
    a: Option<u64>,
    b: Option<u64>,
) -> Doing {
    match thread.activity {
        Activity::Reading(descriptor) => {
            let socket = observer.socket_of(thread.process, descriptor);
            match socket {
                Some(_) if socket == a => Doing::ReadsFromA,
                Some(_) if socket == b => Doing::ReadsFromB,
                _ => Doing::Aside,
            }
        }
        Activity::WaitingForSignal => Doing::Aside,
        Activity::Accepting => Doing::Accepts,
        Activity::Joining(_) => Doing::Joins,
        Activity::Futex => Doing::Waits,
        Activity::Sleeping => Doing::Sleeps,
        Activity::Polling => Doing::Polls,
        Activity::Running => Doing::Computes,
        Activity::WaitingForChild => Doing::Child,
        Activity::Writing(_) => Doing::Writes,
        Activity::Elsewhere(_) | Activity::Unknown => Doing::Elsewhere,
    }
}
