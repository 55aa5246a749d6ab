//! The request that takes long: a SLEEP, or a program that sleeps.

use proto::Reply;

use super::{super::diagnosis::answered_once, Diagnosis, TRIPS};
use crate::{
    early_end::{EarlyEnd, FailureText},
    test_client::{TestClient, Trouble},
};

/// What A asks for: a request that takes long.
#[derive(Clone, Copy)]
pub(super) enum Long {
    Sleep,
    /// A program of the server.
    Run,
}

impl Long {
    /// How many seconds it lasts: longer where B's trips took longer. The end of a
    /// program is waited for.
    pub(super) fn holds(self) -> [u32; 3] {
        match self {
            Self::Sleep => [2, 4, 8],
            Self::Run => [1, 4, 8],
        }
    }

    pub(super) fn words(self, hold: u32) -> Vec<String> {
        match self {
            Self::Sleep => vec!["SLEEP".to_owned(), format!("{hold}s")],
            Self::Run => ["RUN", "sleep", &hold.to_string()]
                .map(str::to_owned)
                .into(),
        }
    }

    pub(super) fn failure_text(self, hold: u32) -> FailureText {
        let did = format!(
            "A sent {}; B sent {TRIPS} short requests of every kind",
            self.words(hold).join(" ")
        );
        let expected =
            format!("B is answered {TRIPS} times while A is still being served");
        match self {
            Self::Sleep => FailureText::new(
                did,
                expected,
                "requests are served one at a time",
                &[
                    "a lock guard that is alive while a request is served",
                    "the handler called in the accept loop",
                    "a blocking call in an event loop, such as time.sleep",
                    "a join, or the end of a scope, inside the accept loop",
                ],
            ),
            Self::Run => FailureText::new(
                did,
                expected,
                "a program that runs keeps every other client waiting",
                &[
                    "a program that is waited for in the loop of all clients",
                    "a lock that every request takes, held while a program runs",
                ],
            ),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sleep => "SLEEP",
            Self::Run => "RUN",
        }
    }

    /// Where B's first requests were answered beside A, and then `word` was not: no loop
    /// is blocked, and what waits is a request that needs what A's request holds.
    pub(super) fn holds_up(self, word: &str) -> Diagnosis {
        match (self, word) {
            (Self::Sleep, "INCR") => Diagnosis {
                means: "a client that sleeps keeps the counters from all others",
                causes: &[
                    "the lock of the counters is held while a client sleeps",
                    "one lock for several commands, held while a client sleeps",
                ],
            },
            (Self::Run, "INCR") => Diagnosis {
                means: "a program that runs keeps the counters from all clients",
                causes: &[
                    "the lock of the counters is held while a program runs",
                    "one lock for several commands, held while a program runs",
                ],
            },
            (Self::Sleep, "SLEEP") | (Self::Run, "RUN") => Diagnosis {
                means: "requests of this kind are served one at a time",
                causes: &[
                    "a lock that this command holds until it is done",
                    "one thread for all requests of this kind",
                ],
            },
            _ => Diagnosis {
                means: "a request waits for one of another kind, and others do not",
                causes: &[
                    "a lock that both commands take, held until the longer one is done",
                    "a lock guard that is alive while a request is served",
                ],
            },
        }
    }
}

/// Whether A's request was carried out: not each server runs each program. A leaves then,
/// for the sake of a server that serves connections one by one.
pub(super) fn take_answer(
    a: &mut TestClient,
    long: Long,
    failure_text: &FailureText,
) -> Result<bool, EarlyEnd> {
    let reply = a.reply();
    a.finish_sending();
    let of_a = |trouble| answered_once(failure_text, "A's request", &trouble);
    match (long, reply.map_err(of_a)?) {
        (Long::Run, Reply::Array(parts)) => Ok(parts.first() == Some(&Reply::Integer(0))),
        (Long::Run, _) => Ok(false),
        (Long::Sleep, reply) if reply == Reply::ok() => Ok(true),
        (Long::Sleep, reply) => Err(of_a(Trouble::instead(reply, &Reply::ok()))),
    }
}
