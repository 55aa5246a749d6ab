//! Which servers run now, so that an interrupted grading leaves none behind.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use launch::{Ender, Server};

/// The servers that run now.
#[derive(Debug, Default)]
pub struct Registry(Mutex<Servers>);

#[derive(Debug, Default)]
struct Servers {
    running: BTreeMap<u64, Ender>,
    next: u64,
    closed: bool,
    left_behind: usize,
}

/// One server's entry; dropping it takes the entry out.
#[derive(Debug)]
pub(crate) struct Registered<'r> {
    registry: &'r Registry,
    number: u64,
}

impl Registry {
    /// Ends every server that runs, and has the checks start no more.
    pub fn close(&self) {
        let mut servers = self.servers();
        servers.closed = true;
        for ender in servers.running.values() {
            ender.end();
        }
    }

    /// Whether the grading was interrupted.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.servers().closed
    }

    /// How many processes the servers left behind outside their groups; they have ended.
    #[must_use]
    pub fn left_behind(&self) -> usize {
        self.servers().left_behind
    }

    pub(crate) fn enter(&self, server: &Server) -> Registered<'_> {
        let mut servers = self.servers();
        let number = servers.next;
        servers.next += 1;
        if servers.closed {
            server.ender().end();
        }
        servers.running.insert(number, server.ender());
        Registered {
            registry: self,
            number,
        }
    }

    fn servers(&self) -> MutexGuard<'_, Servers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registered<'_> {
    /// Adds what an ended server left behind.
    pub(crate) fn left_behind(&self, count: usize) {
        self.registry.servers().left_behind += count;
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.registry.servers().running.remove(&self.number);
    }
}
