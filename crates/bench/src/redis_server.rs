//! redis-server as a process: a free port, no file written, killed when it is dropped.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::Duration,
};

use client::{Connection, Reply};
use launch::{Launch, Server};

use crate::error::Error;

const ATTEMPTS: usize = 3;
/// Half a minute for one that starts slowly.
const PROBES: usize = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// A redis-server that runs.
#[derive(Debug)]
pub struct RedisServer {
    server: Server,
}

impl RedisServer {
    /// Starts it and waits until it answers. Another process may take the free port
    /// before it does; then another port is tried.
    pub(crate) fn start() -> Result<Self, Error> {
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let mut server = Self::spawn()?;
            match server.wait_until_it_answers() {
                Ok(()) => return Ok(server),
                Err(why) => last = why,
            }
        }
        Err(Error::RedisServer(last))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.server.pid()
    }

    fn spawn() -> Result<Self, Error> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let address = free.and_then(|free| free.local_addr());
        let address = address.map_err(|source| Error::Refused {
            what: "a port",
            source,
        })?;
        let server = Launch::new("redis-server")
            .args(["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"])
            .args(["--port", &address.port().to_string()])
            .start_at(address)?;
        Ok(Self { server })
    }

    fn wait_until_it_answers(&mut self) -> Result<(), String> {
        let mut last = "it says nothing".to_owned();
        for _ in 0..PROBES {
            if let Ok(status) = self.server.wait(Duration::ZERO) {
                return Err(format!("it ended with {status}"));
            }
            let asked = Connection::open(self.address().to_string(), PAUSE)
                .and_then(|mut connection| connection.request(&["PING"]));
            match asked {
                Ok(Reply::Simple(pong)) if pong == b"PONG" => return Ok(()),
                Ok(other) => last = format!("PING was answered with {other:?}"),
                Err(error) => last = error.to_string(),
            }
            thread::sleep(PAUSE);
        }
        Err(last)
    }
}
