//! The result of one request: the reply, and what the console and the log print.

use proto::Reply;

use crate::{
    client_memory, printable,
    stopping::{Cut, Woken},
};

/// From this many bytes on, a reply is not collected: it is sent while it is made.
pub(crate) const LONG: usize = 16 * 1024;

/// How one request ended: its reply, and what is printed and logged of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(crate) reply: Reply,
    /// What `client` exits with: the status of the command that RUN ran, 1 for an error.
    pub(crate) status: i64,
    /// A program ran, and the status is its own.
    pub(crate) ran: bool,
    /// The reply in the log; empty where the reply itself is the text.
    pub(crate) logged: Option<String>,
    /// Lines for the console beside the request's own.
    pub(crate) printed: Option<String>,
    /// The server's stop cut it, or its client has gone.
    pub(crate) aborted: bool,
    /// The connection closes after the reply.
    pub(crate) closes: bool,
}

impl From<Reply> for Outcome {
    fn from(reply: Reply) -> Self {
        let status = i64::from(matches!(reply, Reply::Error(_)));
        Self {
            reply,
            status,
            ran: false,
            logged: None,
            printed: None,
            aborted: false,
            closes: false,
        }
    }
}

impl From<Cut> for Outcome {
    fn from(Cut: Cut) -> Self {
        let reply = Reply::error("ERR server is stopping");
        Self {
            aborted: true,
            closes: true,
            ..reply.into()
        }
    }
}

impl From<Woken> for Outcome {
    fn from(woken: Woken) -> Self {
        match woken {
            Woken::Cut => Self::cut(),
            Woken::ClientGone => Self::client_gone(),
        }
    }
}

impl Outcome {
    /// A SLEEP is over.
    #[must_use]
    pub fn slept() -> Self {
        Reply::ok().into()
    }

    /// All clients of a MEET have come.
    #[must_use]
    pub fn met() -> Self {
        Reply::Simple(b"MET".to_vec()).into()
    }

    /// The time of a MEET for `clients` is up, and `came` of them stand there.
    #[must_use]
    pub fn met_too_few(came: usize, clients: usize) -> Self {
        Reply::error(format!("TIMEOUT only {came} of {clients} clients met")).into()
    }

    /// The server stopped before the request was done.
    #[must_use]
    pub fn cut() -> Self {
        Cut.into()
    }

    /// The client has reset the connection before the request was done.
    #[must_use]
    pub fn client_gone() -> Self {
        Self {
            aborted: true,
            closes: true,
            ..Reply::error("ERR the client did not wait for the answer").into()
        }
    }

    /// There is no thread for what would block this one.
    #[must_use]
    pub fn no_thread() -> Self {
        Reply::error("ERR server out of threads").into()
    }

    /// The client may not hold the memory of its reply.
    #[must_use]
    pub fn too_much_memory() -> Self {
        Self {
            closes: true,
            ..Reply::error(client_memory::REFUSAL).into()
        }
    }

    /// The reply as text for the log.
    pub(crate) fn output(&self) -> String {
        self.logged.clone().unwrap_or_else(|| {
            let mut start = Start::default();
            start.push_reply(&self.reply);
            printable::start(&start.kept, start.total)
        })
    }

    /// Bytes of memory that the reply holds; 16 KiB or more where it is to be sent while
    /// it is made.
    #[must_use]
    pub fn weight(&self) -> usize {
        weight(&self.reply)
    }

    /// The reply in a few words for the console.
    pub(crate) fn headline(&self) -> String {
        const WIDEST: usize = 60;
        let output = self.output();
        if output.is_empty() {
            return format!("status {}", self.status);
        }
        let output = match output.char_indices().nth(WIDEST) {
            Some((end, _)) => format!("{}…", output.get(..end).unwrap_or_default()),
            None => output,
        };
        if self.ran {
            return format!("status {}: {output}", self.status);
        }
        output
    }
}

/// The start of a text, and how long all of it is.
#[derive(Default)]
struct Start {
    kept: Vec<u8>,
    total: usize,
}

impl Start {
    fn push(&mut self, bytes: &[u8]) {
        let room = printable::LONGEST - self.kept.len();
        self.kept
            .extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        self.total += bytes.len();
    }

    fn push_reply(&mut self, reply: &Reply) {
        match reply {
            Reply::Simple(text) | Reply::Error(text) | Reply::Bulk(text) => {
                self.push(text);
            }
            Reply::Null => {}
            Reply::Integer(number) => self.push(number.to_string().as_bytes()),
            Reply::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.divide(index);
                    self.push_reply(item);
                }
            }
            Reply::Rows(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    self.divide(index);
                    self.push_reply(&row);
                }
            }
            Reply::Map(pairs) => {
                for (index, (key, value)) in pairs.iter().enumerate() {
                    self.divide(index);
                    self.push_reply(key);
                    self.push(b"=");
                    self.push_reply(value);
                }
            }
        }
    }

    fn divide(&mut self, index: usize) {
        if index > 0 {
            self.push(b" ");
        }
    }
}

fn weight(reply: &Reply) -> usize {
    match reply {
        Reply::Simple(text) | Reply::Error(text) | Reply::Bulk(text) => text.capacity(),
        Reply::Integer(_) | Reply::Null => 0,
        Reply::Array(items) => items.iter().map(weight).sum(),
        Reply::Rows(rows) if rows.is_empty() => 0,
        Reply::Rows(_) => LONG,
        Reply::Map(pairs) => {
            let pairs = pairs.iter();
            pairs.map(|(key, value)| weight(key) + weight(value)).sum()
        }
    }
}
