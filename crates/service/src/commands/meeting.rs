//! MEET: a rendezvous of clients, which only a server that serves them at once can answer.

use super::Outcome;
use crate::{meetings::Ended, shared::Shared};

pub(super) fn meet(shared: &Shared, clients: usize) -> Outcome {
    match shared.meetings.join(clients, &shared.stopping) {
        Ok(Ended::Met) => Outcome::met(),
        Ok(Ended::TimedOut { came }) => Outcome::met_too_few(came, clients),
        Err(cut) => cut.into(),
    }
}
