//! One thread makes all connections to a server, in the order of their times and then of the
//! file: two that connect at the same instant would be served in random order. Each client
//! acts at its own time, whatever the others wait for.

use std::{
    sync::mpsc::{self, Sender},
    thread::{self, Scope},
    time::Duration,
};

use client::{ClientError, Connection as Stream};

use super::{PlayError, Stage, client::Client, journal::Journal};
use crate::scenario::ClientSpec;

/// How much stack a client's thread gets; a thousand clients are a thousand of them.
const STACK: usize = 256 * 1024;

/// How long a connection may take to be made. The others wait for it.
const CONNECTING: Duration = Duration::from_secs(10);

/// A client whose thread waits for its connection.
pub(super) struct Part {
    client: Client,
    address: String,
    patience: Duration,
    opened: Sender<Stream>,
}

/// Starts a thread for each client, which waits for its connection: those of each server.
pub(super) fn cast<'scope>(
    scope: &'scope Scope<'scope, '_>,
    clients: &[ClientSpec],
    stages: &[Stage],
    journal: &'scope Journal,
    patience: Duration,
    working: &Sender<()>,
) -> Result<Vec<Vec<Part>>, PlayError> {
    let mut servers: Vec<Vec<Part>> = stages.iter().map(|_| Vec::new()).collect();
    for (index, spec) in clients.iter().enumerate() {
        for (stage, parts) in stages.iter().zip(&mut servers) {
            let client = Client::new(spec, index, stage.index(), stage.timed());
            let (opened, connection) = mpsc::channel::<Stream>();
            let (actor, working) = (client.clone(), working.clone());
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || {
                    if let Ok(connection) = connection.recv() {
                        actor.act(connection, journal);
                    }
                    drop(working);
                })?;
            let address = stage.address().to_owned();
            parts.push(Part {
                client,
                address,
                patience,
                opened,
            });
        }
    }
    for parts in &mut servers {
        parts.sort_by_key(|part| part.client.at()); // stable: then the order of the file
    }
    Ok(servers)
}

/// Opens each connection at its time, sends what is to be sent at once, and hands it to its
/// client's thread.
pub(super) fn connect_all(parts: Vec<Part>, journal: &Journal) {
    for part in parts {
        if !journal.wait_until(part.client.at()) {
            return;
        }
        match part.open(journal) {
            Ok(connection) => {
                part.client.keep(connection.stream(), journal);
                // The thread waits for it, unless it ended early by a panic of its own.
                let _ = part.opened.send(connection);
            }
            Err(error) => part.client.gives_up(journal, &error),
        }
    }
}

impl Part {
    fn open(&self, journal: &Journal) -> Result<Stream, ClientError> {
        self.client.opens(journal);
        let mut connection = Stream::open(&self.address, CONNECTING)?;
        connection.set_timeout(self.patience);
        connection.send(&self.client.first_bytes())?;
        Ok(connection)
    }
}
