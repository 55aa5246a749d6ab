//! Plays a scenario: launches its servers, acts its clients' parts, and keeps the record.
//!
//! `played_server.rs` launches a server, `calibration.rs` learns what it knows,
//! `connector.rs` makes every connection at its time, `client.rs` is one client's part,
//! `run_log.rs` is what they write into, `watch.rs` sees when the machine or a server
//! stands still, `keys.rs` cleans up after a run. `observing.rs` looks at a server's
//! threads and its backlog, and `sight.rs` is one such look.

mod asking;
mod calibration;
mod client;
mod connector;
mod error;
mod keys;
mod observing;
mod played_server;
mod reply;
mod run_log;
mod sight;
mod watch;

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

pub use error::PlayError;
pub use played_server::PlayedServer;
pub use run_log::Recording;

use launch::Interrupt;
use timeline::record::{self, Run, ServerRun};

use crate::{scenario::ClientSpec, suspension::Continued};
use observing::Observed;
use watch::Seen;

/// How often a run that goes on is looked at.
const FRAME: Duration = Duration::from_millis(100);

/// How long after the last expected event a reply is still waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long where a request may take any time: a MEET waits for others, a SAY for a
/// person.
const LONG_PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Plays `clients` against some of the stages, all at once, from time 0.
///
/// `watch` sees the run and its moment in microseconds every 100 ms, and once it is over.
///
/// # Errors
///
/// A [`PlayError`] when a server crashed, the system refuses a thread, or a signal came.
pub fn play(
    clients: &[ClientSpec],
    played_servers: &mut [PlayedServer],
    recording: &mut Recording,
    interrupt: &Interrupt,
    mut watch: impl FnMut(&Run, u64),
) -> Result<(), PlayError> {
    let patience = patience(clients, played_servers);
    let processes: Vec<Option<u32>> =
        played_servers.iter().map(PlayedServer::pid).collect();
    let observed: Vec<Observed> = match recording.is_observed() {
        true => played_servers.iter().filter_map(Observed::of).collect(),
        false => Vec::new(),
    };
    let is_over = AtomicBool::new(false);
    let continued = Continued::catch()?;
    let (run_log, mut progress) = recording.sides();
    let seen = thread::scope(|scope| -> Result<Seen, PlayError> {
        let (working, all_done) = mpsc::channel::<()>();
        let waiting_clients = connector::start_clients(
            scope,
            clients,
            played_servers,
            run_log,
            patience,
            &working,
        )?;
        run_log.start();
        let watching = thread::Builder::new()
            .name("watch".to_owned())
            .spawn_scoped(scope, || {
                Seen::until(&is_over, &processes, &continued, run_log)
            })?;
        if !observed.is_empty() {
            thread::Builder::new()
                .name("observer".to_owned())
                .spawn_scoped(scope, || observing::until(&is_over, &observed, run_log))
                .inspect_err(|_| is_over.store(true, Ordering::Release))?;
        }
        for waiting_clients in waiting_clients {
            let working = working.clone();
            thread::Builder::new()
                .name("connector".to_owned())
                .spawn_scoped(scope, move || {
                    connector::connect_all(waiting_clients, run_log);
                    drop(working);
                })
                .inspect_err(|_| is_over.store(true, Ordering::Release))?;
        }
        drop(working);
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
        is_over.store(true, Ordering::Release);
        Ok(watching.join().unwrap_or_default())
    })
    .inspect_err(|_| run_log.abort())?;
    if let Some(signal) = interrupt.signal() {
        return Err(PlayError::Interrupted { signal });
    }
    for (index, played) in played_servers.iter().enumerate() {
        progress.write(played.index(), |server| seen.write(index, server));
    }
    let (run, _) = progress.catch_up();
    played_servers.iter_mut().try_for_each(|played| {
        let server = run.servers.get(played.index());
        let lost = server.is_some_and(ServerRun::has_lost_a_client);
        played.still_runs(lost)
    })
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

/// Long enough for a server that does everything in turn, at half its speed.
fn patience(clients: &[ClientSpec], played_servers: &[PlayedServer]) -> Duration {
    let mut is_open = false;
    let mut takes = |request: &String| {
        is_open |= request
            .get(..3)
            .is_some_and(|name| name.eq_ignore_ascii_case("SAY"));
        let services: Vec<Option<Duration>> = played_servers
            .iter()
            .map(|played| played.service(request))
            .collect();
        is_open |= services.contains(&None);
        services.into_iter().flatten().max().unwrap_or_default()
    };
    let mut all = Duration::ZERO;
    for client in clients {
        let served: Duration = client.requests.iter().map(&mut takes).sum();
        let each = client.pause + client.read_delay;
        all += served + client.hold + each * count(client.requests.len());
    }
    let last = clients.iter().map(|client| client.at).max();
    let more = if is_open { LONG_PATIENCE } else { PATIENCE };
    (last.unwrap_or_default() + all) * 2 + more
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
