//! What a server does while it runs, seen from outside: its threads, what each of them
//! waits for, and which connections wait in the backlog of its listener.
//!
//! Nothing is changed in the server, and nothing is asked of it: all of it is the
//! system's word. `processes.rs` finds the processes and their threads. `threads.rs`
//! reads what the system shows of each thread, and `activity.rs` says from its system
//! call what it does or waits for. `sockets.rs` asks where a connection is, by `diag.rs`
//! where the server is in the same network, else by the tables of `tables.rs`; on other
//! systems than Linux `no_diag.rs` stands in, and nothing is found. `budget.rs` decides
//! when to look again, so that looking takes at most a hundredth of a core. `missing.rs`
//! says what cannot be seen, and why.

mod activity;
mod budget;
#[cfg(target_os = "linux")]
mod diag;
#[cfg(not(target_os = "linux"))]
#[path = "no_diag.rs"]
mod diag;
mod missing;
mod processes;
mod sockets;
mod tables;
mod threads;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use rustix::process::Pid;

pub use activity::Activity;
pub use missing::{Missing, what_is_missing};
pub use sockets::{Ends, Stay};

use crate::Server;
use budget::Budget;
use processes::Processes;
use sockets::Sockets;
use threads::Threads;

/// What was seen of a server at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// How many threads it has, in all its processes; `None` where that cannot be read.
    pub count: Option<usize>,
    /// Its threads, those of its first process first; at most 1,024 of them.
    pub threads: Vec<SeenThread>,
    /// How many connections wait to be accepted; `None` where that cannot be read.
    pub backlog: Option<usize>,
    /// Where each connection is that was asked about, in their order.
    pub connections: Vec<Stay>,
    /// What could not be read, and why.
    pub missing: Missing,
}

/// One thread at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenThread {
    /// The id of its process.
    pub process: u32,
    /// Its own id; that of its process for the thread that runs `main`.
    pub id: u32,
    /// Its name as the system has it, at most 15 bytes of what the program called it.
    pub name: String,
    /// What it does.
    pub activity: Activity,
    /// For how long in all it was ready to run, and waited for a processor, in
    /// microseconds; `None` where the system does not say.
    pub ready_us: Option<u64>,
}

impl SeenThread {
    /// Whether it is the first thread of its process.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.process == self.id
    }
}

/// Looks at a server again and again. Use it on one thread: that thread's CPU time is its
/// budget.
#[derive(Debug)]
pub struct Observer {
    processes: Processes,
    threads: Threads,
    sockets: Sockets,
    budget: Budget,
}

impl Observer {
    /// Looks at the server itself, not at its keeper.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        Self::at(server.pid(), server.address())
    }

    /// Looks at a listener of this machine alone, no matter which process has it.
    #[must_use]
    pub fn of_listener(listener: SocketAddr) -> Self {
        Self::looking(None, listener)
    }

    /// Looks at the process of this id, and at the listener at this address.
    #[must_use]
    pub fn at(pid: u32, listener: SocketAddr) -> Self {
        Self::looking(i32::try_from(pid).ok().and_then(Pid::from_raw), listener)
    }

    fn looking(pid: Option<Pid>, listener: SocketAddr) -> Self {
        Self {
            processes: Processes::below(pid),
            threads: Threads::default(),
            sockets: Sockets::of(pid, listener),
            budget: Budget::begin(),
        }
    }

    /// Looks once. `connections` are the client's ends, as the client has them.
    ///
    /// A server that has ended, or ends meanwhile, has no thread and no backlog.
    pub fn look(&mut self, connections: &[Ends]) -> Sample {
        let mut missing = Missing::default();
        let ids = self.processes.look();
        let threads = self.threads.look(&ids, &mut missing);
        let backlog = self.sockets.backlog(&mut missing);
        let mut stay = |ends: &Ends| self.sockets.stay(ends, &mut missing);
        let connections = connections.iter().map(&mut stay).collect();
        self.budget.spent();
        Sample {
            count: (ids.count > 0).then_some(ids.count),
            threads,
            backlog,
            connections,
            missing,
        }
    }

    /// The inode of the socket that a process of the server has under this number.
    #[must_use]
    pub fn socket_of(&self, process: u32, descriptor: u32) -> Option<u64> {
        processes::socket_of(process, descriptor)
    }

    /// When to look again, so that it never takes more than 1 % of a core: 20 ms after
    /// the last look, or later where looking takes long.
    #[must_use]
    pub fn next_look(&self) -> Instant {
        self.budget.next()
    }

    /// How much CPU time looking has taken, on the thread that looks.
    #[must_use]
    pub fn cpu_time(&self) -> Duration {
        self.budget.used()
    }
}
