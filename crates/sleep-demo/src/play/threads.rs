//! The threads of a run: the clients', one that connects them for each server, one that
//! sees whether the machine stands still, and one that looks at the servers.

use std::{
    io,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread::{self, Scope, ScopedJoinHandle},
};

use super::{
    PlayError, PlayedServer, connector,
    observing::{self, Observed},
    patience::patience,
    run_log::RunLog,
    watch::Seen,
};
use crate::{scenario::ClientSpec, suspension::Continued};

/// What the threads of a run work on.
pub(super) struct Threads<'a> {
    pub(super) clients: &'a [ClientSpec],
    pub(super) played_servers: &'a [PlayedServer],
    pub(super) run_log: &'a RunLog,
    /// Whether the servers are looked at.
    pub(super) is_observed: bool,
}

impl Threads<'_> {
    /// Starts all, hands what closes when the clients are done to `follow`, and joins
    /// all; what was seen of the machine and the servers meanwhile.
    ///
    /// # Errors
    ///
    /// A [`PlayError`] when the system refuses a thread; those that run are then ended.
    pub(super) fn run(
        &self,
        follow: impl FnOnce(&Receiver<()>),
    ) -> Result<Seen, PlayError> {
        let is_over = AtomicBool::new(false);
        let continued = Continued::catch()?;
        let servers = self.played_servers.iter();
        let processes: Vec<Option<u32>> = servers.map(PlayedServer::pid).collect();
        let observed = self.observed();
        let (run_log, is_over) = (self.run_log, &is_over);
        let patience = patience(self.clients, self.played_servers);
        thread::scope(|scope| {
            let (working, all_done) = mpsc::channel::<()>();
            let waiting_clients = connector::start_clients(
                scope,
                self.clients,
                self.played_servers,
                run_log,
                patience,
                &working,
            )?;
            run_log.start();
            let watching = spawn(scope, "watch", || {
                Seen::until(is_over, &processes, &continued, run_log)
            })?;
            if !observed.is_empty() {
                spawn(scope, "observer", || {
                    observing::until(is_over, &observed, run_log);
                })
                .inspect_err(|_| end(is_over))?;
            }
            for waiting_clients in waiting_clients {
                let working = working.clone();
                spawn(scope, "connector", move || {
                    connector::connect_all(waiting_clients, run_log);
                    drop(working);
                })
                .inspect_err(|_| end(is_over))?;
            }
            drop(working);
            follow(&all_done);
            end(is_over);
            Ok(watching.join().unwrap_or_default())
        })
    }

    /// The servers that are looked at.
    fn observed(&self) -> Vec<Observed> {
        match self.is_observed {
            true => self
                .played_servers
                .iter()
                .filter_map(Observed::of)
                .collect(),
            false => Vec::new(),
        }
    }
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, work)
}

/// Ends the threads that look on.
fn end(is_over: &AtomicBool) {
    is_over.store(true, Ordering::Release);
}
