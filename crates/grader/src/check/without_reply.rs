//! What it means that a request of the first client gets no reply, from what was answered
//! before it.

use super::diagnosis::{Diagnosis, LOST, NOT_WOKEN_CAUSE};

/// What was answered before: it rules some causes out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answered<'c> {
    replies: usize,
    errors: usize,
    /// The command of the last request, if it ended in an error.
    failed: Option<&'c str>,
}

impl<'c> Answered<'c> {
    pub(super) fn add(&mut self, command: &'c str, is_wrong: bool) {
        self.replies += usize::from(!is_wrong);
        self.errors += usize::from(is_wrong);
        self.failed = is_wrong.then_some(command);
    }

    /// What it means that a request of `command` gets no reply.
    pub(super) fn without_reply(self, command: &str, is_wrong: bool) -> WithoutReply {
        WithoutReply {
            silence: self.silence(command, is_wrong),
            loss: match self.replies + self.errors {
                1 => LOST,
                _ => CLOSED,
            },
        }
    }

    /// What it means that a request of `command` gets no answer, of which an error was
    /// due if `is_wrong`.
    fn silence(self, command: &str, is_wrong: bool) -> Diagnosis {
        match command {
            _ if is_wrong && self.errors == 0 => OF_AN_ERROR,
            _ if is_wrong => OF_THIS_ERROR,
            "SLEEP" => OF_A_SLEEP,
            _ if self.failed == Some(command) => AFTER_AN_ERROR,
            _ if self.replies == 0 => SILENCE,
            _ => OF_THIS_REQUEST,
        }
    }
}

/// What it means that a request gets no reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct WithoutReply {
    pub(super) silence: Diagnosis,
    /// Where the connection is closed.
    pub(super) loss: Diagnosis,
}

/// Of a request that is the client's first, or one of many.
const CLOSED: Diagnosis = Diagnosis {
    means: "the server closes the connection where a reply is due",
    causes: &[
        "an exception or a panic in this request",
        "an error that closes the connection",
        "a time limit for clients that is too short",
    ],
};

const NO_REPLY: &str = "a request that is read, and gets no reply";
const NO_ERROR: &str = "a request with an error that is read, and gets no reply";
const NO_END: &str = "a wait that nobody ends";
const TAKEN_TWICE: &str = "a lock that is taken twice by the thread that holds it";
pub(super) const NOT_RELEASED: &str =
    "a lock that is not released where a request ends in an error";

/// Nothing was answered yet.
const SILENCE: Diagnosis = Diagnosis {
    means: "a client waits in vain for the reply to this request",
    causes: &[
        "a reply that stays in a buffer: flush it",
        NO_REPLY,
        NO_END,
        TAKEN_TWICE,
    ],
};

/// Others were answered: their replies left the buffer.
const OF_THIS_REQUEST: Diagnosis = Diagnosis {
    causes: &[NO_REPLY, NO_END, TAKEN_TWICE, NOT_RELEASED],
    ..SILENCE
};

const OF_A_SLEEP: Diagnosis = Diagnosis {
    means: "a SLEEP is not answered when its time is over",
    causes: &[
        "a duration whose unit is not read: milliseconds taken for minutes",
        NOT_WOKEN_CAUSE,
        NO_REPLY,
    ],
};

const OF_AN_ERROR: Diagnosis = Diagnosis {
    means: "a client that asks for something wrong waits in vain for the error",
    causes: &[
        "an error that stays in a buffer: flush it, as every other reply",
        NO_ERROR,
        TAKEN_TWICE,
    ],
};

/// Other errors were answered.
const OF_THIS_ERROR: Diagnosis = Diagnosis {
    causes: &[NO_ERROR, TAKEN_TWICE, NO_END],
    ..OF_AN_ERROR
};

const AFTER_AN_ERROR: Diagnosis = Diagnosis {
    means: "after an error of this command its next request waits in vain",
    causes: &[NOT_RELEASED, TAKEN_TWICE],
};
