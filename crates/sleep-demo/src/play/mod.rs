//! Plays a scenario: launches its servers, acts its clients' parts, and keeps the record.
//!
//! Before the run: `played_server.rs` launches a server, `asking.rs` is a conversation
//! with it, by which `calibration.rs` learns whether it knows TIMED, and how long each
//! request takes alone. `blank.rs` is the record of the run before it begins.
//!
//! The run: `threads.rs` starts its threads, `patience.rs` says how long a client waits
//! for a reply. `connector.rs` makes every connection at its time, `client.rs` is one
//! client, and adds TIMED to its requests, `staying.rs` is its time without a request,
//! and `reply.rs` takes apart what it gets. They write into `run_log.rs`; `recording.rs`
//! keeps it. `watch.rs` sees when the machine or a server stands still, `observing.rs`
//! looks at a server's threads and its backlog, and `sight.rs` is one such look.
//! `keys.rs` deletes the counters that a run leaves on a server that stays. After the run
//! `played_server.rs` looks whether its server has crashed. `error.rs` says what ended a
//! run early: for a crash, with the last lines of the server.

mod asking;
mod blank;
mod calibration;
mod client;
mod connector;
mod error;
mod keys;
mod observing;
mod patience;
mod played_server;
mod recording;
mod reply;
mod run_log;
mod sight;
mod staying;
mod threads;
mod watch;

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

pub use error::PlayError;
pub use played_server::PlayedServer;
pub use recording::Recording;

use launch::Interrupt;
use timeline::record::{self, Run, ServerRun};

use crate::scenario::ClientSpec;
use recording::Progress;
use run_log::RunLog;
use threads::Threads;

/// How often a run that goes on is looked at.
const FRAME: Duration = Duration::from_millis(100);

/// Plays `clients` against some of the servers, all at once, from time 0.
///
/// `watch` sees the run and its moment in microseconds every 100 ms, and once it is over.
/// A server that crashed is returned: its run is in the recording all the same.
///
/// # Errors
///
/// A [`PlayError`] when the system refuses a thread, or a signal came.
pub fn play(
    clients: &[ClientSpec],
    played_servers: &mut [PlayedServer],
    recording: &mut Recording,
    interrupt: &Interrupt,
    watch: impl FnMut(&Run, u64),
) -> Result<Option<PlayError>, PlayError> {
    let is_observed = recording.is_observed();
    let (run_log, mut progress) = recording.sides();
    let threads = Threads {
        clients,
        played_servers,
        run_log,
        is_observed,
    };
    let seen = threads
        .run(|all_done| follow(all_done, run_log, &mut progress, interrupt, watch))
        .inspect_err(|_| run_log.abort())?;
    if let Some(signal) = interrupt.signal() {
        return Err(PlayError::Interrupted { signal });
    }
    for (index, played) in played_servers.iter().enumerate() {
        progress.write(played.index(), |server| seen.write(index, server));
    }
    let (run, _) = progress.catch_up();
    let mut crashed = played_servers.iter_mut().filter_map(|played| {
        let server = run.servers.get(played.index());
        let lost = server.is_some_and(ServerRun::has_lost_a_client);
        played.still_runs(lost, "during the run").err()
    });
    Ok(crashed.next())
}

/// Shows the run to `watch` until all clients are done.
fn follow(
    all_done: &Receiver<()>,
    run_log: &RunLog,
    progress: &mut Progress<'_>,
    interrupt: &Interrupt,
    mut watch: impl FnMut(&Run, u64),
) {
    let mut is_done = false;
    while !is_done {
        is_done = all_done.recv_timeout(FRAME) == Err(RecvTimeoutError::Disconnected);
        match interrupt.signal() {
            Some(_) => run_log.abort(),
            None => {
                let (run, now) = progress.catch_up();
                watch(run, now);
            }
        }
    }
}

/// The recording of a run that has not begun: all requests, none sent, with the model's
/// answers. `in_turn` says that the servers are played one after another, `is_observed`
/// that their threads and backlogs are looked at.
#[must_use]
pub fn prepare(
    clients: &[ClientSpec],
    played_servers: &[PlayedServer],
    in_turn: bool,
    is_observed: bool,
) -> Recording {
    let blank = played_servers.iter().map(|played| played.blank(clients));
    let (mut servers, ends): (Vec<ServerRun>, Vec<_>) = blank.unzip();
    for server in &mut servers {
        server.observed = is_observed.then(record::Observed::default);
    }
    Recording::new(Run {
        servers,
        horizon_us: ends.into_iter().flatten().max().map(run_log::micros),
        in_turn,
    })
}
