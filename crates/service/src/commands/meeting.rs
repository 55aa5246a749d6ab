//! MEET: a rendezvous of clients, which only a server that serves them at once can
//! answer.

use std::net::TcpStream;

use super::Outcome;
use crate::{meetings::Ended, other_end::is_reset, shared::Shared};

pub(super) fn meet(shared: &Shared, client: &TcpStream, clients: usize) -> Outcome {
    let is_gone = || is_reset(client);
    match shared.meetings.join(clients, &shared.stopping, is_gone) {
        Ok(Ended::Met) => Outcome::met(),
        Ok(Ended::TimedOut { came }) => Outcome::met_too_few(came, clients),
        Err(woken) => woken.into(),
    }
}
