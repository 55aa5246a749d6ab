//! The request that takes long: a SLEEP, or a program that sleeps.

use proto::Reply;

use super::TRIPS;
use crate::{
    early_end::{EarlyEnd, FailureText},
    test_client::{TestClient, Trouble, shown},
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

/// Whether A's request was carried out: not each server runs each program. A leaves then,
/// for the sake of a server that serves connections one by one.
pub(super) fn take_answer(
    a: &mut TestClient,
    long: Long,
    failure_text: &FailureText,
) -> Result<bool, EarlyEnd> {
    let reply = a.reply();
    a.finish_sending();
    let of_a = |trouble| failure_text.trouble("A's request", &trouble);
    match (long, reply.map_err(of_a)?) {
        (Long::Run, Reply::Array(parts)) => Ok(parts.first() == Some(&Reply::Integer(0))),
        (Long::Run, _) => Ok(false),
        (Long::Sleep, reply) if reply == Reply::ok() => Ok(true),
        (Long::Sleep, reply) => {
            let due = shown(&Reply::ok());
            Err(of_a(Trouble::Unexpected { reply, due }))
        }
    }
}
