//! Why a check stopped before it had seen what it asks for.

use proto::Reply;

use crate::{starting::StartFailure, test_client::Trouble, verdict::Failure};

/// The likely cause where an error came instead of a reply.
const UNKNOWN: &str = "a command that the server does not know yet, or a request that it \
                       took in pieces (see framing)";

/// Why a request of the protocol gets an error.
pub(crate) const REFUSED_CAUSES: &[&str] = &[
    "a command that the server does not have: if the assignment does not ask for it, \
     name those that it asks for with --commands",
    "the CR LF behind the bytes of an argument, which is not read: what follows begins \
     with it",
    "something of an earlier request that is kept: a list, or a buffer, that is not \
     emptied",
    "an error inside the server while it does this request",
];

/// Adds the likely cause where an error of this text came instead of a reply. No other
/// cause can give an error of a limit.
fn blame_error(causes: &mut Vec<String>, line: &[u8]) {
    const LIMIT: &str =
        "a limit on clients that is too small, or that refuses who should wait";
    let line = String::from_utf8_lossy(line).to_lowercase();
    let of_a_limit = ["too many", "limit", "busy", "full"];
    match of_a_limit.iter().any(|word| line.contains(word)) {
        true => *causes = vec![LIMIT.to_owned()],
        // What the check knows better comes first.
        false
            if !causes
                .iter()
                .any(|cause| REFUSED_CAUSES.contains(&cause.as_str())) =>
        {
            causes.push(UNKNOWN.to_owned());
        }
        false => {}
    }
}

/// What it means that a reply of another type came.
pub(crate) const ANOTHER_TYPE: &str =
    "a client of this protocol expects a reply of another type";
const OF_ANOTHER_TYPE: &str = "a reply of the wrong type: its first byte says what it is";

/// The likely cause, after those of the check, where the connection ended.
const CLOSED: &str = "a read timeout, or an error in one request, that ends the \
                      connection";

/// What it means that a reply is begun and never comes to its end.
const A_PART: &str = "a reply is begun, and its end is not sent";
const NO_END: &str = "the end of a reply, CR LF, that is missing";
const WRONG_LENGTH: &str =
    "a length that is greater than the text behind it: count bytes, not characters";
const ONE_SEND: &str =
    "one send for each reply: it may send only a part, and the rest is lost";
const WRONG_BYTE: &str = "after a part was sent, the next send begins at the wrong byte";
const KEPT: &str = "the rest of a reply that stays in a buffer: flush it";

/// The likely causes, where this many bytes came of a reply: no socket cuts a short one.
fn causes_of_a_part(bytes: usize) -> Vec<String> {
    let causes: &[&str] = match bytes {
        ..500 => &[NO_END, WRONG_LENGTH, KEPT],
        _ => &[ONE_SEND, WRONG_BYTE, KEPT, WRONG_LENGTH],
    };
    causes.iter().map(|&cause| cause.to_owned()).collect()
}

/// What ends a check early.
#[derive(Debug)]
pub(crate) enum EarlyEnd {
    /// The opposite of what was asked for is proven, by order or by counts.
    Broken(Box<Failure>),
    /// Nothing came. That counts once a control was answered, and once it was seen twice.
    Silent(Box<Failure>),
    /// The machine was too slow to see anything.
    Stalled(String),
    /// The check cannot be run on this server.
    Skipped(String),
    /// No fresh server could be started.
    NoServer(Box<StartFailure>),
    /// The time for the whole grading is up.
    TimeIsUp,
}

impl EarlyEnd {
    /// What it says against the server, if it says something.
    pub(crate) fn failure(&mut self) -> Option<&mut Failure> {
        match self {
            Self::Broken(failure) | Self::Silent(failure) => Some(failure),
            _ => None,
        }
    }

    /// The same, but what was seen could be the machine's doing: it has to be seen again.
    pub(crate) fn seen_once(self) -> Self {
        match self {
            Self::Broken(failure) => Self::Silent(failure),
            other => other,
        }
    }
}

/// The note of a check that passed, or why it stopped.
pub(crate) type Outcome = Result<String, EarlyEnd>;

/// What a check says against a server, all but what it observed.
#[derive(Clone, Debug)]
pub(crate) struct FailureText {
    did: String,
    expected: String,
    means: &'static str,
    causes: &'static [&'static str],
    /// Whether these are of replies that come in part, too.
    are_of_parts: bool,
}

impl FailureText {
    pub(crate) fn new(
        did: impl Into<String>,
        expected: impl Into<String>,
        means: &'static str,
        causes: &'static [&'static str],
    ) -> Self {
        let (did, expected) = (did.into(), expected.into());
        Self {
            did,
            expected,
            means,
            causes,
            are_of_parts: false,
        }
    }

    /// The same of a check that asks why only a part of a reply comes.
    pub(crate) fn of_parts(self) -> Self {
        Self {
            are_of_parts: true,
            ..self
        }
    }

    /// The opposite was seen.
    pub(crate) fn broken(&self, observed: impl Into<String>) -> EarlyEnd {
        EarlyEnd::Broken(Box::new(self.failure(observed)))
    }

    /// Nothing was seen within the time.
    pub(crate) fn silent(&self, observed: impl Into<String>) -> EarlyEnd {
        EarlyEnd::Silent(Box::new(self.failure(observed)))
    }

    /// `what`, in which a client had trouble: `A's ECHO`.
    pub(crate) fn trouble(&self, what: &str, trouble: &Trouble) -> EarlyEnd {
        let observed = format!("{what} {trouble}");
        let mut early_end = match trouble {
            Trouble::Silent { .. } | Trouble::Ours(_) => self.silent(observed),
            _ => self.broken(observed),
        };
        if let Some(failure) = early_end.failure() {
            failure.is_begun = trouble.is_begun();
            failure.is_lost =
                matches!(trouble, Trouble::Closed { .. } | Trouble::Refused);
            if let Trouble::Unexpected {
                reply: Reply::Error(line),
                ..
            } = trouble
            {
                "the server answers this request with an error"
                    .clone_into(&mut failure.means);
                blame_error(&mut failure.likely_causes, line);
            }
            if trouble.is_of_another_type() {
                ANOTHER_TYPE.clone_into(&mut failure.means);
                failure.likely_causes = vec![OF_ANOTHER_TYPE.to_owned()];
            }
            if let Trouble::Silent { begun, .. } = trouble
                && *begun > 0
                && !self.are_of_parts
            {
                A_PART.clone_into(&mut failure.means);
                failure.likely_causes = causes_of_a_part(*begun);
            }
            let causes = &failure.likely_causes;
            if matches!(trouble, Trouble::Closed { .. })
                && !causes.iter().any(|cause| cause.contains("time"))
            {
                failure.likely_causes.push(CLOSED.to_owned());
            }
        }
        early_end
    }

    /// The same of a client's first request.
    pub(crate) fn first_trouble(&self, name: &str, trouble: &Trouble) -> EarlyEnd {
        const GARBLED: &str = "a client of this protocol does not understand the reply";
        let failure_text = match trouble {
            Trouble::Unexpected {
                reply: Reply::Error(_),
                ..
            } => &self.diagnosed_as("", REFUSED_CAUSES),
            Trouble::Garbled(_) => &self.diagnosed_as(GARBLED, &[NO_END, WRONG_LENGTH]),
            _ => self,
        };
        failure_text.trouble(&format!("{name}'s first request"), trouble)
    }

    /// What a report has against a server that was seen to do this.
    pub(crate) fn failure(&self, observed: impl Into<String>) -> Failure {
        Failure {
            did: self.did.clone(),
            expected: self.expected.clone(),
            observed: observed.into(),
            means: self.means.to_owned(),
            likely_causes: self.causes.iter().map(|&cause| cause.to_owned()).collect(),
            ..Failure::default()
        }
    }

    /// The same deed, with another meaning: what was seen is not what the check looks
    /// for.
    pub(crate) fn diagnosed_as(
        &self,
        means: &'static str,
        causes: &'static [&'static str],
    ) -> Self {
        Self {
            means,
            causes,
            ..self.clone()
        }
    }
}
