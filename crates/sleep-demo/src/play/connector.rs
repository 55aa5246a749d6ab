//! One thread makes all connections to a server, in the order of their times and then of
//! the file: two that connect at the same instant would be served in random order. Each
//! client acts at its own time, whatever the others wait for.

use std::{
    sync::mpsc::{self, Sender},
    thread::{self, Scope},
    time::Duration,
};

use client::{ClientError, Connection as Stream};

use super::{PlayError, PlayedServer, client::Client, run_log::RunLog};
use crate::scenario::ClientSpec;

/// How much stack a client's thread gets; a thousand clients are a thousand of them.
const STACK: usize = 256 * 1024;

/// How long a connection may take to be made. The others wait for it.
const CONNECTING: Duration = Duration::from_secs(10);

/// A client whose thread waits for its connection.
pub(super) struct WaitingClient {
    client: Client,
    address: String,
    patience: Duration,
    opened: Sender<Stream>,
}

/// Starts a thread for each client, which waits for its connection: those of each server.
pub(super) fn start_clients<'scope>(
    scope: &'scope Scope<'scope, '_>,
    clients: &[ClientSpec],
    played_servers: &[PlayedServer],
    run_log: &'scope RunLog,
    patience: Duration,
    working: &Sender<()>,
) -> Result<Vec<Vec<WaitingClient>>, PlayError> {
    let mut servers: Vec<Vec<WaitingClient>> =
        played_servers.iter().map(|_| Vec::new()).collect();
    for (index, spec) in clients.iter().enumerate() {
        for (played, waiting_clients) in played_servers.iter().zip(&mut servers) {
            let client = Client::new(spec, index, played.index(), played.timed());
            let (opened, connection) = mpsc::channel::<Stream>();
            let (actor, working) = (client.clone(), working.clone());
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || {
                    if let Ok(connection) = connection.recv() {
                        actor.act(connection, run_log);
                    }
                    drop(working);
                })?;
            let address = played.address().to_owned();
            waiting_clients.push(WaitingClient {
                client,
                address,
                patience,
                opened,
            });
        }
    }
    for waiting_clients in &mut servers {
        // Stable: those of one moment stay in the order of the file.
        waiting_clients.sort_by_key(|waiting_client| waiting_client.client.at());
    }
    Ok(servers)
}

/// Opens each connection at its time, sends what is to be sent at once, and hands it to
/// its client's thread.
pub(super) fn connect_all(waiting_clients: Vec<WaitingClient>, run_log: &RunLog) {
    for waiting_client in waiting_clients {
        if !run_log.wait_until(waiting_client.client.at()) {
            return;
        }
        match waiting_client.open(run_log) {
            Ok(connection) => {
                waiting_client.client.keep(connection.stream(), run_log);
                // The thread waits for it, unless it ended early by a panic of its own.
                let _ = waiting_client.opened.send(connection);
            }
            Err(error) => waiting_client.client.gives_up(run_log, &error),
        }
    }
}

impl WaitingClient {
    fn open(&self, run_log: &RunLog) -> Result<Stream, ClientError> {
        self.client.opens(run_log);
        let mut connection = Stream::open(&self.address, CONNECTING)?;
        connection.set_timeout(self.patience);
        connection.send(&self.client.first_bytes())?;
        Ok(connection)
    }
}
