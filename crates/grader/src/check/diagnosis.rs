//! What follows from the trouble of a client, by the kind of trouble: a server that is
//! silent is wrong in another way than one that closes, or answers something else.

use crate::{
    early_end::{EarlyEnd, FailureText},
    test_client::Trouble,
};
use proto::Reply;

/// What follows for the server, and the mistakes that usually cause it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Diagnosis {
    pub(super) means: &'static str,
    pub(super) causes: &'static [&'static str],
}

/// A diagnosis for each kind of trouble.
#[derive(Clone, Copy, Debug)]
pub(super) struct Diagnoses {
    /// Nothing came.
    pub(super) silence: Diagnosis,
    /// The connection was closed, or nobody listens.
    pub(super) loss: Diagnosis,
    /// What came is no reply of the protocol.
    pub(super) bytes: Diagnosis,
    /// Another reply came than the one that is due.
    pub(super) reply: Diagnosis,
    /// The causes where an error came instead of a reply: what that means, and the cause
    /// that comes last, says [`FailureText::trouble`].
    pub(super) error: &'static [&'static str],
}

/// Of requests that several clients send side by side.
pub(super) const SIDE_BY_SIDE: Diagnoses = Diagnoses {
    silence: Diagnosis {
        means: "a request among several at once gets no answer",
        causes: &[
            "requests that came with an earlier one, and are looked at only once more \
             bytes come",
            "a reply that is made, and never sent",
            "a lock that is not released on every path, or that two threads wait for",
            "a thread that has ended, or a client that nobody serves any more",
        ],
    },
    loss: LOSS,
    bytes: Diagnosis {
        means: "a reply comes with bytes that do not belong to it",
        causes: &[
            "two threads that write to one connection",
            "one buffer for requests or replies, shared by all threads",
            "a send that sends only a part of a reply",
        ],
    },
    reply: Diagnosis {
        means: "a reply goes to another client, or to another request",
        causes: MIXED_UP,
    },
    error: &[
        "one buffer for requests or replies, shared by all threads",
        "static or global variables in a function that several threads call",
    ],
};

/// Of a client that loses its connection.
pub(super) const LOSS: Diagnosis = Diagnosis {
    means: "a client loses its connection while it uses it",
    causes: &[
        "a time limit for clients that is too short",
        "an error in one thread that ends it while its client is connected",
        "a connection that another thread closes",
    ],
};

/// Of a client that was answered once, and whose next request is not.
pub(super) const LOST: Diagnosis = Diagnosis {
    means: "a client loses its connection before its second request is answered",
    causes: &[
        "a connection that is closed after its first reply",
        "a time limit for clients that is too short",
        "an exception or a panic in the request that gets no reply",
    ],
};

/// Of a reply that holds only the beginning of what was asked for.
pub(super) const CUT: Diagnosis = Diagnosis {
    means: "a long request is answered with the beginning of its own words",
    causes: &[
        "one read for a text whose length is known: it may return less (see framing)",
        "a buffer that is shorter than the request",
    ],
};

/// Of a descriptor whose number another client has by now.
pub(super) const CLOSED_TWICE_CAUSE: &str =
    "a descriptor that is closed twice: the second close hits another client";

/// Why a client gets what is due to another one.
pub(super) const MIXED_UP: &[&str] = &[
    "one variable for the accepted connection, shared by all threads",
    "one buffer for requests or replies, shared by all threads",
    "static or global variables in a function that several threads call",
    "requests of one client that are served side by side: their replies overtake",
];

/// Of a server that serves new clients after SIGTERM.
pub(super) const GOES_ON_CAUSE: &str =
    "an accept loop that goes on after the signal: the flag that it looks at is not set";

/// Of a SLEEP that is never answered.
pub(super) const NOT_WOKEN_CAUSE: &str =
    "a reply that another thread has made, and nobody wakes the loop that sends it";

/// Of the SLEEP of a client that half-closes.
pub(super) const NO_SLEEP: Diagnosis = Diagnosis {
    means: "a SLEEP is not answered when its time is over",
    causes: &[
        "a duration whose unit is not read: milliseconds taken for seconds or minutes",
        NOT_WOKEN_CAUSE,
        "at the end of input the client is forgotten before its reply is out",
    ],
};

/// Of a client that is not served at all.
const UNSERVED: Diagnosis = Diagnosis {
    means: "this client gets no answer to its first request, or not the right one",
    causes: &[
        "a listener that is closed, or an accept loop that has ended or waits",
        "an error of one client that ends the service of the others",
        "the handler called in the accept loop: a client waits until another one has \
         left",
    ],
};

impl Diagnoses {
    /// `what`, in which a client had trouble: `A's ECHO`.
    pub(super) fn trouble(
        &self,
        failure_text: &FailureText,
        what: &str,
        trouble: &Trouble,
    ) -> EarlyEnd {
        let diagnosis = match trouble {
            Trouble::Silent { .. } | Trouble::Ours(_) => self.silence,
            Trouble::Refused => UNSERVED,
            Trouble::Closed { .. } => self.loss,
            Trouble::Garbled(_) => self.bytes,
            Trouble::Unexpected {
                reply: Reply::Error(_),
                ..
            } => Diagnosis {
                causes: self.error,
                ..self.reply
            },
            // Nobody else has sent the beginning of this client's own words.
            Trouble::Unexpected { is_cut: true, .. } if self.reply.causes == MIXED_UP => {
                CUT
            }
            Trouble::Unexpected { .. } => self.reply,
        };
        diagnosis.of(failure_text).trouble(what, trouble)
    }
}

impl Diagnosis {
    /// What a check says with this diagnosis instead of its own.
    pub(super) fn of(self, failure_text: &FailureText) -> FailureText {
        failure_text.diagnosed_as(self.means, self.causes)
    }
}

/// What a check says of B beside A: that nothing comes is what it looks for, and all else
/// is trouble of clients side by side.
pub(super) fn beside(
    failure_text: &FailureText,
    what: &str,
    trouble: &Trouble,
) -> EarlyEnd {
    match trouble {
        Trouble::Silent { .. } => failure_text.trouble(what, trouble),
        _ => SIDE_BY_SIDE.trouble(failure_text, what, trouble),
    }
}

/// What a check says of a client that was answered once. Where its connection was closed,
/// nobody waited.
pub(super) fn answered_once(
    failure_text: &FailureText,
    what: &str,
    trouble: &Trouble,
) -> EarlyEnd {
    match trouble {
        Trouble::Closed { .. } => LOST.of(failure_text).trouble(what, trouble),
        _ => failure_text.trouble(what, trouble),
    }
}

/// What a check says where its first client is not even served.
pub(super) fn unserved(failure_text: &FailureText) -> FailureText {
    UNSERVED.of(failure_text)
}
