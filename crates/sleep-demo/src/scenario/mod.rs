//! A scenario: one lesson, as clients with times, the servers they are played against,
//! and what the class must see.
//!
//! `folder.rs` finds its file and `text.rs` the text. `written.rs` is the file as it is
//! written; `read.rs`, `clients.rs` and `duration.rs` make a scenario of it. `sleep.rs`
//! reads how long a SLEEP takes. `check.rs` refuses names that do not exist, and
//! `requests.rs` warns of requests that the kit's servers would refuse, such as SLEP,
//! and `slips.rs` of what has no effect, such as a request after QUIT, or cannot work,
//! such as a MEET to which too few clients come. `wording.rs` says which key is wrong,
//! `syntax.rs` what is no TOML, and `error.rs` at which place in the file. `speed.rs`
//! stretches a scenario.

mod check;
mod clients;
mod duration;
mod error;
mod folder;
mod read;
mod requests;
mod sleep;
mod slips;
mod speed;
mod syntax;
mod text;
mod wording;
mod written;

use std::{path::PathBuf, time::Duration};

use timeline::{Expectation, Lesson, Places};

pub use error::{Position, ScenarioError};
pub use folder::Folder;
pub(crate) use sleep::sleep_of;
pub use speed::SpeedError;

/// One lesson, as read from `demos/NAME.toml`.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What the class reads.
    pub lesson: Lesson,
    /// Whether one server is played after the other (scenarios that burn CPU).
    pub isolate: bool,
    /// Whether charts say where a client waits, unless an option says otherwise.
    pub says_where: bool,
    /// In the order of the file; never empty.
    pub servers: Vec<ServerSpec>,
    /// In the order of the file, `count` unfolded.
    pub clients: Vec<ClientSpec>,
    /// Where its file is: the servers that it names are started there.
    pub folder: PathBuf,
    /// What in its file looks like a slip, each with its place; it can be played all the
    /// same.
    pub warnings: Vec<String>,
}

/// A server to launch, and what must be seen on it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerSpec {
    /// How charts and expectations call it.
    pub name: String,
    /// Its program and arguments, without `--listen`.
    pub command: String,
    /// What its chart says beside the name; empty where `places` says it all.
    pub about: String,
    /// How many connections it serves at once, for the queue model.
    pub places: Places,
    /// A program without which this server is skipped.
    pub needs: Option<String>,
    /// What is checked after the run.
    pub expect: Option<Expectation>,
}

impl ServerSpec {
    /// The kit's two servers, for scenarios that name none.
    fn defaults() -> Vec<Self> {
        let spec = |command: &str, places| Self {
            name: command.to_owned(),
            command: command.to_owned(),
            about: String::new(),
            places,
            needs: None,
            expect: None,
        };
        vec![
            spec("single-server", Places::Limited(1)),
            spec("threaded-server", Places::THREADS),
        ]
    }
}

/// One client: one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSpec {
    /// Unique in its scenario.
    pub name: String,
    /// The name in the file, where `count` made several clients of it.
    pub group: Option<String>,
    /// When it connects and sends, counted from the start of the run.
    pub at: Duration,
    /// As one would type them, `times` unfolded; empty for a silent client.
    pub requests: Vec<String>,
    /// Whether all are written at once.
    pub pipeline: bool,
    /// Between a reply and the next request.
    pub pause: Duration,
    /// How long it stays after its last reply.
    pub hold: Duration,
    /// How long each reply lies there before it reads it.
    pub read_delay: Duration,
}

impl ClientSpec {
    /// What the request of this index is called: `A`, or `P.2` where a client sends
    /// several.
    #[must_use]
    pub fn request_id(&self, index: usize) -> String {
        if self.requests.len() == 1 {
            self.name.clone()
        } else {
            format!("{}.{}", self.name, index + 1)
        }
    }

    /// What all of its requests are called, in order.
    pub fn request_ids(&self) -> impl Iterator<Item = String> {
        (0..self.requests.len()).map(|index| self.request_id(index))
    }
}
