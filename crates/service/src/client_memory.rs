//! What all clients hold in requests and replies is bounded, as by `maxmemory-clients` of
//! Redis: when it is too much, the client that holds most is closed.

use std::{
    collections::HashMap,
    net::{Shutdown, TcpStream},
    sync::{Arc, Mutex},
};

use crate::{lock::lock, machine};

/// Memory is counted in steps of this many bytes: a client that asks little never takes
/// the lock.
const STEP: usize = 16 * 1024;
const MIB: usize = 1024 * 1024;

/// What the client that is closed for it gets as a reply.
pub(crate) const REFUSAL: &str = "ERR the clients hold too much memory, and this one \
     holds most: it is closed (the server's --max-client-memory)";
/// What the console says of it.
pub(crate) const REASON: &str = "held the most memory when the clients held too much";

/// The memory of all clients.
#[derive(Debug)]
pub(crate) struct ClientMemory {
    /// In steps.
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Steps of all clients that may stay.
    held: usize,
    clients: HashMap<u64, Client>,
}

/// A client that has held a step or more.
#[derive(Debug)]
struct Client {
    stream: Arc<TcpStream>,
    steps: usize,
    is_sending: bool,
    must_go: bool,
}

/// One client's part; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Holding {
    memory: Arc<ClientMemory>,
    number: u64,
    stream: Arc<TcpStream>,
    steps: usize,
    is_known: bool,
}

/// The client is to be closed: it held most when all together held too much, or the
/// system has no memory for what it sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMuch;

impl ClientMemory {
    pub(crate) fn new(mebibytes: u32) -> Arc<Self> {
        let most = usize::try_from(mebibytes).unwrap_or(usize::MAX / MIB) * (MIB / STEP);
        Arc::new(Self {
            most,
            state: Mutex::default(),
        })
    }
}

impl Holding {
    /// The part of the client with this number, which holds nothing yet.
    pub(crate) fn new(
        memory: &Arc<ClientMemory>,
        number: u64,
        stream: &Arc<TcpStream>,
    ) -> Self {
        Self {
            memory: Arc::clone(memory),
            number,
            stream: Arc::clone(stream),
            steps: 0,
            is_known: false,
        }
    }

    /// Says how many bytes the client holds from now on.
    pub(crate) fn set(&mut self, bytes: usize) -> Result<(), TooMuch> {
        let steps = bytes / STEP;
        if steps == 0 && self.steps == 0 && !self.is_known {
            return Ok(());
        }
        let grows = steps > self.steps;
        self.is_known = true;
        self.steps = steps;
        let mut state = lock(&self.memory.state);
        state.set(self.number, steps, &self.stream);
        if grows {
            state.bound(self.memory.most, self.number);
        }
        let must_go = state.must_go(self.number);
        drop(state);
        if must_go || (grows && !machine::has_room_for_requests()) {
            return Err(TooMuch);
        }
        Ok(())
    }

    /// Says whether the client is being sent a reply: then no error can reach it any
    /// more.
    pub(crate) fn set_sending(&self, is_sending: bool) {
        if self.is_known
            && let Some(client) = lock(&self.memory.state).clients.get_mut(&self.number)
        {
            client.is_sending = is_sending;
        }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        if self.is_known {
            let mut state = lock(&self.memory.state);
            state.set(self.number, 0, &self.stream);
            state.clients.remove(&self.number);
        }
    }
}

impl State {
    fn set(&mut self, number: u64, steps: usize, stream: &Arc<TcpStream>) {
        let client = self.clients.entry(number).or_insert_with(|| Client {
            stream: Arc::clone(stream),
            steps: 0,
            is_sending: false,
            must_go: false,
        });
        if !client.must_go {
            self.held = self.held - client.steps + steps;
        }
        client.steps = steps;
    }

    /// Sends the largest away until the others hold no more than `most`. Their threads
    /// wake up and give the memory back; the client `number` is being served by the
    /// caller.
    fn bound(&mut self, most: usize, number: u64) {
        while self.held > most {
            let staying = self
                .clients
                .iter_mut()
                .filter(|(_, client)| !client.must_go);
            let Some((largest, client)) = staying.max_by_key(|(_, client)| client.steps)
            else {
                return;
            };
            client.must_go = true;
            self.held -= client.steps;
            if *largest != number {
                let how = if client.is_sending {
                    Shutdown::Both
                } else {
                    Shutdown::Read
                };
                let _ = client.stream.shutdown(how); // it may be gone already
            }
        }
    }

    fn must_go(&self, number: u64) -> bool {
        let client = self.clients.get(&number);
        client.is_some_and(|client| client.must_go)
    }
}
