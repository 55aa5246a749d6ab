//! Looks at the servers while a run goes on, and writes down what their threads do and
//! which clients wait in their backlogs.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use launch::{Activity, Ends, Observer, Sample, SeenThread, Stay};
use timeline::record::{Doing, ServerRun};

use super::{
    PlayedServer,
    run_log::RunLog,
    sight::{Seen, Sight},
};

/// Between two looks at whether the run is over.
const STEP: Duration = Duration::from_millis(20);

/// One server that is looked at.
pub(super) struct Observed {
    server: usize,
    pid: Option<u32>,
    address: SocketAddr,
}

impl Observed {
    /// Nothing where the address of a server that runs elsewhere is a name.
    pub(super) fn of(played: &PlayedServer) -> Option<Self> {
        Some(Self {
            server: played.index(),
            pid: played.pid(),
            address: played.address().parse().ok()?,
        })
    }
}

/// Looks at all of them until `is_over`, as often as a hundredth of a core allows.
pub(super) fn until(is_over: &AtomicBool, servers: &[Observed], run_log: &RunLog) {
    let mut watches: Vec<Watch> = servers.iter().map(Watch::begin).collect();
    while !is_over.load(Ordering::Acquire) {
        for watch in &mut watches {
            watch.look(run_log);
        }
        let next = watches.iter().map(|watch| watch.observer.next_look()).max();
        let next = next.unwrap_or_else(|| Instant::now() + STEP);
        while !is_over.load(Ordering::Acquire) {
            let left = next.saturating_duration_since(Instant::now()).min(STEP);
            let moment = Duration::from_micros(run_log.now()) + left;
            if left.is_zero() {
                break;
            }
            if !run_log.wait_until(moment) {
                return;
            }
        }
    }
}

/// What is remembered of a server between two looks.
struct Watch<'a> {
    of: &'a Observed,
    observer: Observer,
    /// The sockets of clients that were accepted.
    accepted: HashMap<u64, usize>,
    is_accepted: Vec<usize>,
    ready_us: HashMap<(u32, u32), u64>,
}

impl<'a> Watch<'a> {
    fn begin(of: &'a Observed) -> Self {
        Self {
            of,
            observer: match of.pid {
                Some(pid) => Observer::at(pid, of.address),
                None => Observer::of_listener(of.address),
            },
            accepted: HashMap::new(),
            is_accepted: Vec::new(),
            ready_us: HashMap::new(),
        }
    }

    fn look(&mut self, run_log: &RunLog) {
        // A connection that was accepted stays accepted.
        let mut asked = run_log.ends(self.of.server);
        asked.retain(|(client, _)| !self.is_accepted.contains(client));
        let ends: Vec<Ends> = asked.iter().map(|(_, ends)| *ends).collect();
        let sample = self.observer.look(&ends);
        let mut connections = Vec::new();
        for ((client, _), stay) in asked.iter().zip(&sample.connections) {
            match stay {
                Stay::Backlog => connections.push((*client, false)),
                Stay::Accepted { socket, .. } => {
                    self.accepted.insert(*socket, *client);
                    self.is_accepted.push(*client);
                    connections.push((*client, true));
                }
                Stay::Unknown => {}
            }
        }
        let sight = self.sight(sample, connections, run_log.now());
        run_log.write_server(self.of.server, move |server: &mut ServerRun| {
            sight.write(server);
        });
    }

    fn sight(
        &mut self,
        sample: Sample,
        connections: Vec<(usize, bool)>,
        at_us: u64,
    ) -> Sight {
        let threads = sample.threads.iter().map(|thread| self.seen(thread));
        let threads = threads.collect();
        let missing = [sample.missing.threads, sample.missing.backlog];
        Sight {
            at_us,
            count: sample.count,
            backlog: sample.backlog,
            threads,
            connections,
            missing: missing.into_iter().flatten().collect(),
        }
    }

    fn seen(&mut self, thread: &SeenThread) -> Seen {
        let ready = thread.ready_us.unwrap_or_default();
        let before = self.ready_us.insert((thread.process, thread.id), ready);
        let computes = thread.activity == Activity::Running;
        let client = match thread.activity {
            Activity::Reading(descriptor) => self
                .observer
                .socket_of(thread.process, descriptor)
                .and_then(|socket| self.accepted.get(&socket).copied()),
            _ => None,
        };
        Seen {
            name: thread.name.clone(),
            id: thread.id,
            main: self.of.pid == Some(thread.id),
            what: doing(thread.activity),
            client,
            ready_us: match before {
                Some(before) if computes => ready.saturating_sub(before),
                _ => 0,
            },
        }
    }
}

fn doing(activity: Activity) -> Doing {
    match activity {
        Activity::Running => Doing::Running,
        Activity::Accepting => Doing::Accept,
        Activity::Reading(_) => Doing::Read,
        Activity::Writing(_) => Doing::Write,
        Activity::Futex => Doing::Futex,
        Activity::Joining(_) => Doing::Join,
        Activity::Polling => Doing::Poll,
        Activity::Sleeping => Doing::Sleep,
        Activity::WaitingForChild => Doing::Child,
        Activity::WaitingForSignal => Doing::Signal,
        Activity::Elsewhere(_) => Doing::Call,
        Activity::Unknown => Doing::Unknown,
    }
}

/// The two ends of a connection, as its stream has them.
pub(super) fn ends(stream: &std::net::TcpStream) -> Option<Ends> {
    Some(Ends {
        client: stream.local_addr().ok()?,
        server: stream.peer_addr().ok()?,
    })
}
