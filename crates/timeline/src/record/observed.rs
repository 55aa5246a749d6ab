//! What was seen of a server's threads and of its backlog while it ran. It is evidence
//! beside the clients' own stamps, and no verdict looks at it.

use serde::{Deserialize, Serialize};

/// What was seen of a server while it ran; each part is empty where it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// How many threads and how many waiting connections there were, at each change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Count>,
    /// Its threads; at most 128 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<Thread>,
    /// The moment of the last look.
    #[serde(default)]
    pub until_us: u64,
    /// What could not be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// How many there were from a moment on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// From when on.
    pub at_us: u64,
    /// Threads in all of the server's processes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<usize>,
    /// Connections that the server has not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<usize>,
}

/// One thread under one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// As the system has it: at most 15 bytes.
    pub name: String,
    /// Its number on the machine.
    pub id: u32,
    /// Whether it is the first thread of its process.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub main: bool,
    /// What it did, in the order of time. In between it was not looked at.
    pub did: Vec<Did>,
}

/// What a thread did for some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Did {
    /// When it was first seen to.
    pub from_us: u64,
    /// Until when it may be taken to.
    pub to_us: u64,
    /// What it did.
    pub what: Doing,
    /// The client from which it reads, where it reads from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// For how long it was ready to run and waited for a processor.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready_us: u64,
}

/// What a thread does, by the system call that it waits in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    /// It computes, or would if it had a processor.
    Running,
    /// It waits for a connection.
    Accept,
    /// It waits for bytes.
    Read,
    /// It waits until it can write.
    Write,
    /// It waits for another thread: at a lock, a condition variable, a channel.
    Futex,
    /// It waits for the end of another thread.
    Join,
    /// It waits for one of several descriptors.
    Poll,
    /// It sleeps.
    Sleep,
    /// It waits for a child process.
    Child,
    /// It waits for a signal.
    Signal,
    /// It is in another system call.
    Call,
    /// Nothing is known of it.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Doing {
    /// Its name in a record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Accept => "accept",
            Self::Read => "read",
            Self::Write => "write",
            Self::Futex => "futex",
            Self::Join => "join",
            Self::Poll => "poll",
            Self::Sleep => "sleep",
            Self::Child => "child",
            Self::Signal => "signal",
            Self::Call => "call",
            Self::Unknown => "unknown",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

impl Observed {
    /// Forgets what was seen after a moment.
    pub(super) fn forget_after(&mut self, now: u64) {
        self.counts.retain(|count| count.at_us <= now);
        for thread in &mut self.threads {
            thread.did.retain(|did| did.from_us <= now);
            for did in &mut thread.did {
                did.to_us = did.to_us.min(now);
            }
        }
        self.threads.retain(|thread| !thread.did.is_empty());
        self.until_us = self.until_us.min(now);
    }
}
