//! The request that takes long: a SLEEP, or a program that sleeps.

use proto::Reply;

use super::TRIPS;
use crate::{
    early_end::{EarlyEnd, FailureText},
    test_client::{Trouble, shown},
};

/// What A asks for: a request that takes long.
#[derive(Clone, Copy)]
pub(super) enum Long {
    Sleep,
    /// A program of the server.
    Run,
}

impl Long {
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
                    "a blocking call, as time.sleep, in an event loop",
                    "a join, or the end of a scope, inside the accept loop",
                ],
            ),
            Self::Run => FailureText::new(
                did,
                expected,
                "a program that runs keeps other clients waiting",
                &[
                    "a lock that is held while a program runs",
                    "a program that is waited for in the loop of all clients",
                ],
            ),
        }
    }
}

/// Whether A's request was carried out: not each server runs each program.
pub(super) fn is_answer(
    reply: &Reply,
    long: Long,
    failure_text: &FailureText,
) -> Result<bool, EarlyEnd> {
    match (long, reply) {
        (Long::Run, Reply::Array(parts)) => Ok(parts.first() == Some(&Reply::Integer(0))),
        (Long::Run, _) => Ok(false),
        (Long::Sleep, reply) if *reply == Reply::ok() => Ok(true),
        (Long::Sleep, reply) => {
            let (reply, due) = (reply.clone(), shown(&Reply::ok()));
            let trouble = Trouble::Unexpected { reply, due };
            Err(failure_text.trouble("A's SLEEP", &trouble))
        }
    }
}
