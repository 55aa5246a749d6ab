//! The run record: what was asked, when, and what came back. Charts, verdicts and exports
//! are derived from it alone; `docs/run-record.md` documents it as JSON.
//!
//! Every time is in microseconds since the start of its run, as the client's clock had
//! it.
//!
//! * `request.rs` is one request with its times, `observed.rs` what was seen of a
//!   server's threads and backlog.
//! * From the scenario come `places.rs` (how many a server serves at once),
//!   `expectation.rs` (what it must show) and `lesson.rs` (the question to the class).
//! * `read.rs` reads the JSON, and `check.rs` refuses times that no run can show.
//! * `known_at.rs` makes of a run what was known at one moment, for a replay.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

mod check;
mod expectation;
mod known_at;
mod lesson;
mod observed;
mod places;
mod read;
mod request;

pub use expectation::Expectation;
pub use known_at::Moment;
pub use lesson::Lesson;
pub use observed::{Count, Did, Doing, Observed, Thread};
pub use places::{Design, Places};
pub use read::{MOST_BYTES, RecordError};
pub use request::{Modelled, Request, is_one_of};

/// The version of the record's shape; it grows when a reader would notice.
pub const VERSION: u32 = 1;

/// One scenario, played once or several times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    /// When it started: RFC 3339, UTC.
    pub started: String,
    /// Of the machine that played the clients.
    pub cores: usize,
    /// The words around the experiment.
    pub scenario: Lesson,
    /// What every time of the scenario was divided by.
    pub speed: f64,
    /// At least one.
    pub runs: Vec<Run>,
}

/// One run: every server of the scenario, played once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// In the scenario's order.
    pub servers: Vec<ServerRun>,
    /// When the queue model has the last client leave; `None` where it cannot know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon_us: Option<u64>,
    /// Whether the servers were played one after another, each from its own time 0.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_turn: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// One server in one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServerRun {
    /// As the scenario calls it.
    pub name: String,
    /// Its command line, without `--listen`.
    pub command: String,
    /// What its chart says beside its name.
    pub about: String,
    /// Where it listened.
    pub address: String,
    /// How many connections it serves at once, as the scenario says; the queue model
    /// believes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<Places>,
    /// Whether it knows TIMED. If not, only latencies are known.
    pub timed: bool,
    /// What the scenario expects of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expectation>,
    /// When the program that played the clients was itself kept waiting by its machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Late>,
    /// When the program that played the clients was itself stopped (Ctrl-Z).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspended: Vec<Stopped>,
    /// When the server's process was seen stopped (SIGSTOP).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stopped: Vec<Stopped>,
    /// What was seen of its threads and its backlog; `None` if nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Observed>,
    /// One for each client, in the scenario's order.
    pub connections: Vec<Connection>,
}

/// A late wake-up of the program that played the clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// When it wanted to wake up.
    pub at_us: u64,
    /// How much later it did.
    pub by_us: u64,
}

/// A time in which a process stood still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// When it was first known to stand still.
    pub from_us: u64,
    /// When it was last known to.
    pub to_us: u64,
}

impl Stopped {
    /// For how long, in microseconds.
    #[must_use]
    pub fn length_us(&self) -> u64 {
        self.to_us.saturating_sub(self.from_us)
    }
}

/// One client's connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The client's name.
    pub client: String,
    /// The name in the scenario, where `count` made several clients of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// When the scenario wants it.
    pub due_us: u64,
    /// How long each reply lies there before the client reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_delay_us: Option<u64>,
    /// The moment before it connected.
    pub opened_us: Option<u64>,
    /// The moment before it closed, or the moment it saw that the server had.
    pub closed_us: Option<u64>,
    /// Whether the server closed while the client was silent, and meant to stay.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed_by_server: bool,
    /// When it was last seen in the server's backlog, from its opening on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_backlog_us: Option<u64>,
    /// When it was first seen to be accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_us: Option<u64>,
    /// In the order in which they are sent.
    pub requests: Vec<Request>,
}

impl Connection {
    /// Its requests but for those that were never sent: those come last.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &Request> + Clone {
        self.requests.iter().filter(|one| one.sent_us.is_some())
    }
}

impl ServerRun {
    /// Every request, with the connection it went over.
    pub fn requests(&self) -> impl Iterator<Item = (&Connection, &Request)> {
        self.connections.iter().flat_map(|connection| {
            connection
                .requests
                .iter()
                .map(move |request| (connection, request))
        })
    }

    /// Whether it serves one client at a time, and each request on the main thread, as
    /// Rust, Python and Java call it. Threads of one name may be several.
    #[must_use]
    pub fn has_one_thread(&self) -> bool {
        let is_main = |thread: &String| ["main", "MainThread"].contains(&thread.as_str());
        let mut answered = self.requests().filter(|(_, one)| one.service_us.is_some());
        self.places == Some(Places::Limited(1))
            && self.timed
            && answered.all(|(_, one)| one.thread.as_ref().is_some_and(is_main))
    }

    /// How many threads have served requests, as far as the server named them.
    #[must_use]
    pub fn threads(&self) -> usize {
        let requests = self.requests();
        let threads = requests.filter_map(|(_, request)| request.thread.as_ref());
        threads.collect::<HashSet<_>>().len()
    }

    /// Whether a client was left without a reply.
    #[must_use]
    pub fn has_lost_a_client(&self) -> bool {
        self.requests()
            .any(|(_, request)| request.failure.is_some())
    }

    /// When the last thing happened on it.
    #[must_use]
    pub fn end_us(&self) -> u64 {
        let replies = self
            .requests()
            .filter_map(|(_, request)| request.replied_us);
        let closes = self
            .connections
            .iter()
            .filter_map(|connection| connection.closed_us);
        replies.chain(closes).max().unwrap_or(0)
    }
}

impl Run {
    /// Whether anything is expected of any of its servers.
    #[must_use]
    pub fn has_expectations(&self) -> bool {
        self.servers.iter().any(|server| server.expect.is_some())
    }

    /// When the last thing happened on any of its servers.
    #[must_use]
    pub fn end_us(&self) -> u64 {
        self.servers
            .iter()
            .map(ServerRun::end_us)
            .max()
            .unwrap_or(0)
    }
}
