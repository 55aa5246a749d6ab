//! INCR, INCRBY and GET: counters that all clients share.

use proto::Reply;

use super::Outcome;
use crate::{counters::Refused, shared::Shared};

pub(super) fn increase(shared: &Shared, counter: Vec<u8>, amount: i64) -> Outcome {
    match shared.counters.add(counter, amount) {
        Ok(value) => Reply::Integer(value).into(),
        Err(Refused::Overflow) => {
            Reply::error("ERR increment or decrement would overflow").into()
        }
        Err(Refused::Full) => {
            Reply::error("ERR too many counters: use one that exists, or a shorter name")
                .into()
        }
    }
}

pub(super) fn get(shared: &Shared, counter: &[u8]) -> Outcome {
    Reply::Integer(shared.counters.get(counter)).into()
}
