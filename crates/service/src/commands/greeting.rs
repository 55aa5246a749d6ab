//! SAY: a message, answered by the greeting or by the operator.

use std::net::SocketAddr;

use proto::Reply;

use super::Outcome;
use crate::{connection::Connection, operator::Answer, shared::Shared};

pub(super) fn say(
    shared: &Shared,
    connection: &Connection,
    peer: SocketAddr,
    text: &[u8],
) -> Outcome {
    let Some(operator) = &shared.operator else {
        return greet(shared);
    };
    match operator.answer(&shared.console, &shared.stopping, connection, peer, text) {
        Answer::Text(answer) => Reply::Bulk(answer).into(),
        Answer::GoodBye => Outcome {
            closes: true,
            ..Reply::text("Bye").into()
        },
        Answer::NobodyThere => Outcome {
            closes: true,
            ..Reply::error("ERR the operator has left").into()
        },
        Answer::ClientLeft => Outcome::client_gone(),
        Answer::Cut(cut) => cut.into(),
    }
}

/// What SAY is answered where no operator is.
pub(crate) fn greet(shared: &Shared) -> Outcome {
    Reply::text(&shared.options.greeting).into()
}
