//! MEET: a rendezvous of clients, which only a server that serves them at once can answer.

use proto::Reply;

use super::Outcome;
use crate::{meetings::Ended, shared::Shared};

pub(super) fn meet(shared: &Shared, clients: usize) -> Outcome {
    match shared.meetings.join(clients, &shared.stopping) {
        Ok(Ended::Met) => Reply::Simple(b"MET".to_vec()).into(),
        Ok(Ended::TimedOut { came }) => {
            Reply::error(format!("TIMEOUT only {came} of {clients} clients met")).into()
        }
        Err(cut) => cut.into(),
    }
}
