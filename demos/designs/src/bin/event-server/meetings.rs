//! MEET: clients that wait for each other. Nobody else is on this thread, so that it
//! takes no lock.

use std::{
    collections::HashMap,
    mem,
    time::{Duration, Instant},
};

use mio::Token;

/// Who waits, by the number of clients that they wait for.
#[derive(Debug)]
pub(crate) struct Meetings {
    timeout: Duration,
    open: HashMap<usize, Meeting>,
}

#[derive(Debug)]
struct Meeting {
    ends_at: Instant,
    clients: Vec<Token>,
}

/// What the last to come finds.
pub(crate) enum Joined {
    /// All have come.
    Met(Vec<Token>),
    /// Some are missing; the timer started with the first.
    WaitsUntil(Instant),
}

impl Meetings {
    pub(crate) fn new(timeout: Duration) -> Self {
        let open = HashMap::new();
        Self { timeout, open }
    }

    /// Joins the meeting of `number` clients.
    pub(crate) fn join(&mut self, number: usize, client: Token) -> Joined {
        let meeting = self.open.entry(number).or_insert_with(|| Meeting {
            ends_at: Instant::now() + self.timeout,
            clients: Vec::new(),
        });
        meeting.clients.push(client);
        if meeting.clients.len() < number {
            return Joined::WaitsUntil(meeting.ends_at);
        }
        Joined::Met(self.end(number))
    }

    /// Ends a meeting; gives those who stood there.
    pub(crate) fn end(&mut self, number: usize) -> Vec<Token> {
        self.open
            .remove(&number)
            .map_or_else(Vec::new, |meeting| meeting.clients)
    }

    /// Takes out a client that waits no more.
    pub(crate) fn leave(&mut self, number: usize, client: Token) {
        if let Some(meeting) = self.open.get_mut(&number) {
            meeting.clients.retain(|other| *other != client);
            if meeting.clients.is_empty() {
                mem::drop(self.open.remove(&number));
            }
        }
    }
}
