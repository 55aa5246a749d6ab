//! A redis-server for one test, on a free port, that keeps nothing.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
};

use client::Connection;
use proto::Reply;

use crate::talking::HUNG;

/// Killed when dropped.
pub(crate) struct Redis {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Redis {
    /// Redis knows no port 0: the port is one that was free, and the next is tried when
    /// somebody else has taken it.
    pub(crate) fn start() -> Self {
        (0..10)
            .find_map(|_| Self::try_to_start())
            .expect("redis-server finds a free port")
    }

    fn try_to_start() -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = free.local_addr().expect("bound");
        drop(free);
        let mut child = Command::new("redis-server")
            .args([
                "--save",
                "",
                "--appendonly",
                "no",
                "--bind",
                "127.0.0.1",
                "--port",
            ])
            .arg(address.port().to_string())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let redis = Self { child, address };
        let is_ready = |line: &String| line.contains("Ready to accept connections");
        lines
            .map_while(Result::ok)
            .any(|line| is_ready(&line))
            .then_some(redis)
    }

    /// The names of all commands that it knows.
    pub(crate) fn commands(&self) -> HashSet<String> {
        let mut connection =
            Connection::open(self.address.to_string(), HUNG).expect("it listens");
        let Ok(Reply::Array(names)) = connection.request(&["COMMAND", "LIST"]) else {
            panic!("redis-server lists its commands");
        };
        let name = |name| match name {
            Reply::Bulk(name) => String::from_utf8_lossy(&name).into_owned(),
            other => panic!("{other:?} is no name"),
        };
        names.into_iter().map(name).collect()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
