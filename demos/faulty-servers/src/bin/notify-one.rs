//! The mistake: the last client of a MEET wakes one of the clients that wait, not all.
//!
//! The others find out that they have met when their wait is over by itself.

use std::{
    collections::HashMap,
    process::ExitCode,
    sync::{Condvar, Mutex},
    time::Duration,
};

use faulty_servers::{converse, lock, serve_clients};
use proto::{Reply, Request};

const TIMEOUT: Duration = Duration::from_secs(5);

/// How many stand in each MEET now, and how many meetings have been full.
static MEETINGS: Mutex<Option<HashMap<usize, (usize, u64)>>> = Mutex::new(None);
static FULL: Condvar = Condvar::new();

fn main() -> ExitCode {
    serve_clients(|shared_state, stream| {
        converse(stream, |arguments| match Request::parse(arguments) {
            Ok(Request::Meet(clients)) => {
                shared_state.print(arguments);
                meet(clients)
            }
            _ => shared_state.answer(arguments),
        });
    })
}

fn meet(clients: usize) -> Reply {
    let met = || Reply::Simple(b"MET".to_vec());
    let mut meetings = lock(&MEETINGS);
    let open = meetings.get_or_insert_default().entry(clients).or_default();
    open.0 += 1;
    if open.0 == clients {
        *open = (0, open.1 + 1);
        FULL.notify_one();
        return met();
    }
    let before = open.1;
    let full = |meetings: &Option<HashMap<_, (_, u64)>>| {
        let open = meetings.as_ref().and_then(|open| open.get(&clients));
        open.is_some_and(|open| open.1 > before)
    };
    let waited = FULL.wait_timeout_while(meetings, TIMEOUT, |meetings| !full(meetings));
    let mut meetings = match waited {
        Ok((meetings, _)) => meetings,
        Err(poisoned) => poisoned.into_inner().0,
    };
    if full(&meetings) {
        return met();
    }
    let open = meetings.get_or_insert_default().entry(clients).or_default();
    let came = open.0;
    open.0 = came.saturating_sub(1);
    Reply::error(format!("TIMEOUT only {came} of {clients} clients met"))
}
