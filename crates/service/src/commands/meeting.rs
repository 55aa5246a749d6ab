//! MEET: a rendezvous of clients, which only a server that serves them at once can
//! answer.

use std::net::TcpStream;

use super::Outcome;
use crate::{meetings::MeetingEnd, other_end::is_reset, shared::Shared};

pub(super) fn meet(shared: &Shared, client: &TcpStream, clients: usize) -> Outcome {
    let is_gone = || is_reset(client);
    match shared.meetings.join(clients, &shared.stopping, is_gone) {
        Ok(MeetingEnd::Met) => Outcome::met(),
        Ok(MeetingEnd::TimedOut { came }) => Outcome::met_too_few(came, clients),
        Err(woken) => woken.into(),
    }
}
