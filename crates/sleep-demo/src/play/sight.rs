//! One look at a server, and how the record of its run grows by it.

use timeline::record::{Count, Did, Doing, Observed, ServerRun, Thread};

/// How long a look holds where the next one shows something else: 100 ms.
const HOLDS_US: u64 = 100_000;

/// A stretch in which a thread waited for a processor is no longer than that: 100 ms.
const STRETCH_US: u64 = 100_000;

/// How many threads are recorded, at most.
const MOST_THREADS: usize = 128;

/// What one look at a server showed.
#[derive(Debug, Default)]
pub(super) struct Sight {
    pub(super) at_us: u64,
    pub(super) count: Option<usize>,
    pub(super) backlog: Option<usize>,
    pub(super) threads: Vec<Seen>,
    /// The index of a client, and whether it is accepted.
    pub(super) connections: Vec<(usize, bool)>,
    pub(super) missing: Vec<String>,
}

/// What one thread was seen to do.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) id: u32,
    pub(super) main: bool,
    pub(super) what: Doing,
    /// The index of the client from which it reads.
    pub(super) client: Option<usize>,
    /// For how long it waited for a processor since the look before.
    pub(super) ready_us: u64,
}

impl Sight {
    /// Adds it to the record of the server's run.
    pub(super) fn write(self, server: &mut ServerRun) {
        for (client, is_accepted) in &self.connections {
            if let Some(connection) = server.connections.get_mut(*client) {
                match is_accepted {
                    true => connection.accepted_us = Some(self.at_us),
                    false => connection.in_backlog_us = Some(self.at_us),
                }
            }
        }
        let mut observed = server.observed.take().unwrap_or_default();
        self.count(&mut observed);
        for seen in &self.threads {
            let client = seen.client.and_then(|index| server.connections.get(index));
            let client = client.map(|connection| connection.client.clone());
            self.thread(seen, client, &mut observed);
        }
        for reason in self.missing {
            if !observed.missing.contains(&reason) {
                observed.missing.push(reason);
            }
        }
        observed.until_us = self.at_us;
        server.observed = Some(observed);
    }

    fn count(&self, observed: &mut Observed) {
        let count = Count {
            at_us: self.at_us,
            threads: self.count,
            backlog: self.backlog,
        };
        let is_same =
            |last: &Count| (last.threads, last.backlog) == (count.threads, count.backlog);
        if !observed.counts.last().is_some_and(is_same) {
            observed.counts.push(count);
        }
    }

    fn thread(&self, seen: &Seen, client: Option<String>, observed: &mut Observed) {
        let same = |thread: &Thread| thread.id == seen.id && thread.name == seen.name;
        let place = observed.threads.iter().position(same);
        if place.is_none() && observed.threads.len() < MOST_THREADS {
            observed.threads.push(Thread {
                name: seen.name.clone(),
                id: seen.id,
                main: seen.main,
                did: Vec::new(),
            });
        }
        let last_look = observed.until_us;
        let place = place.unwrap_or(observed.threads.len().saturating_sub(1));
        if let Some(thread) = observed.threads.get_mut(place).filter(|one| same(one)) {
            self.extend(&mut thread.did, seen, client, last_look);
        }
    }

    /// Prolongs what a thread did last, or notes that it does something else.
    fn extend(
        &self,
        all: &mut Vec<Did>,
        seen: &Seen,
        client: Option<String>,
        last_look: u64,
    ) {
        let mut did = Did {
            from_us: self.at_us,
            to_us: self.at_us,
            what: seen.what,
            client,
            ready_us: 0,
        };
        if let Some(last) = all.last_mut() {
            let is_same = last.what == did.what && last.client == did.client;
            if is_same && last.to_us == last_look {
                let is_long = last.to_us >= last.from_us + STRETCH_US;
                if !is_long || (seen.ready_us == 0 && last.ready_us == 0) {
                    last.to_us = self.at_us;
                    last.ready_us += seen.ready_us;
                    return;
                }
                (did.from_us, did.ready_us) = (last.to_us, seen.ready_us);
            } else {
                last.to_us = self.at_us.min(last.to_us + HOLDS_US);
            }
        }
        all.push(did);
    }
}
