//! The loop: wait until something is ready, give each client that is ready a turn, and
//! never wait for one of them alone.

use std::{
    collections::{BTreeSet, HashMap},
    io::{self, ErrorKind},
    iter, mem,
    net::TcpListener,
    os::fd::AsRawFd,
    thread::Scope,
    time::{Duration, Instant},
};

use mio::{Events, Interest, Poll, Token, unix::SourceFd};
use service::{Admission, Outcome, Service, Session};

use crate::{
    children::Children,
    client::{Client, Next},
    meetings::{Joined, Meetings},
    timers::Timers,
};

/// A token names the source of an event: a client's is its number, which is never given
/// twice.
const LISTENER: Token = Token(usize::MAX);
const CHILDREN: Token = Token(usize::MAX - 1);
/// How many clients are let in before those who are in have their next turn.
const ADMITTED_AT_ONCE: usize = 64;

/// One thread, all clients.
pub(crate) struct EventLoop<'a> {
    service: &'a Service,
    listener: &'a TcpListener,
    poll: Poll,
    backlog: Backlog,
    clients: HashMap<Token, Client<'a>>,
    /// Who gets a turn before the next wait.
    ready: BTreeSet<Token>,
    timers: Timers,
    meetings: Meetings,
}

/// What is known of those who wait to be let in.
enum Backlog {
    Empty,
    MayHaveClients,
    RetryAt(Instant),
    /// Nobody is let in until a client leaves.
    Shut,
}

impl<'a> EventLoop<'a> {
    pub(crate) fn new(
        service: &'a Service,
        listener: &'a TcpListener,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        listener.set_nonblocking(true)?;
        let mut source = SourceFd(&listener.as_raw_fd());
        poll.registry()
            .register(&mut source, LISTENER, Interest::READABLE)?;
        Ok(Self {
            service,
            listener,
            poll,
            backlog: Backlog::MayHaveClients,
            clients: HashMap::new(),
            ready: BTreeSet::new(),
            timers: Timers::default(),
            meetings: Meetings::new(service.options().meet_timeout),
        })
    }

    /// Serves until the service stops and the last client has left.
    pub(crate) fn run<'scope>(
        mut self,
        scope: &'scope Scope<'scope, '_>,
    ) -> io::Result<()> {
        let children = Children::new(scope, self.poll.registry(), CHILDREN)?;
        let mut events = Events::with_capacity(1024);
        while !self.service.is_stopping() || !self.clients.is_empty() {
            match self.poll.poll(&mut events, self.time_to_wait()) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            for event in &events {
                match event.token() {
                    LISTENER => self.backlog = Backlog::MayHaveClients,
                    CHILDREN => {}
                    token => {
                        if let Some(client) = self.clients.get_mut(&token) {
                            client.note(event);
                            self.ready.insert(token);
                        }
                    }
                }
            }
            while let Some((token, outcome)) = children.next_outcome() {
                self.finish([token], &outcome);
                // A program that has ended leaves room for a client.
                self.backlog = Backlog::MayHaveClients;
            }
            self.let_timers_end(&children);
            self.let_clients_in();
            for token in mem::take(&mut self.ready) {
                self.give_turn(token, &children);
            }
        }
        Ok(())
    }

    /// No time as long as somebody is ready; else up to the next timer.
    fn time_to_wait(&self) -> Option<Duration> {
        let now = Instant::now();
        match self.backlog {
            Backlog::MayHaveClients => Some(Duration::ZERO),
            _ if !self.ready.is_empty() => Some(Duration::ZERO),
            Backlog::RetryAt(at) => {
                let pause = at.saturating_duration_since(now);
                let timer = self.timers.time_left(now);
                Some(timer.map_or(pause, |timer| timer.min(pause)))
            }
            _ => self.timers.time_left(now),
        }
    }

    fn let_clients_in(&mut self) {
        if matches!(self.backlog, Backlog::RetryAt(at) if at <= Instant::now()) {
            self.backlog = Backlog::MayHaveClients;
        }
        for _ in 0..ADMITTED_AT_ONCE {
            if !matches!(self.backlog, Backlog::MayHaveClients) {
                return;
            }
            self.backlog = match self.service.admit_if_ready(|| self.listener.accept()) {
                Admission::Client(session) => {
                    self.watch(session);
                    Backlog::MayHaveClients
                }
                Admission::Nobody => Backlog::Empty,
                Admission::Full | Admission::Stopped => Backlog::Shut,
                Admission::Failed { pause } => Backlog::RetryAt(Instant::now() + pause),
            };
        }
    }

    /// Asks for the events of a client. One whose socket cannot be watched is closed.
    fn watch(&mut self, session: Session<'a>) {
        let stream = session.stream();
        let _ = stream.set_nodelay(true); // replies are late without it, not wrong
        let token = Token(usize::try_from(session.number()).unwrap_or_default());
        let both = Interest::READABLE | Interest::WRITABLE;
        let source = &mut SourceFd(&stream.as_raw_fd());
        let registry = self.poll.registry();
        let watched = stream
            .set_nonblocking(true)
            .and_then(|()| registry.register(source, token, both));
        if watched.is_ok() {
            self.clients.insert(token, Client::new(session));
            self.ready.insert(token); // for its idle timeout
        }
    }

    fn let_timers_end(&mut self, children: &Children<'_, '_>) {
        let now = Instant::now();
        let (idle, cut_at) = (self.service.options().idle_timeout, self.service.cut_at());
        let due: Vec<Token> = iter::from_fn(|| self.timers.pop(now)).collect();
        for token in due {
            if let Some(client) = self.clients.get_mut(&token) {
                // A timer that was put off wakes early, and is set anew.
                let is_due = client.wakes_at(idle, cut_at).is_some_and(|at| at <= now);
                let next = match is_due {
                    true => client.wake(now, cut_at),
                    false => Next::Wait,
                };
                self.go_on(token, next, children);
            }
        }
    }

    fn give_turn(&mut self, token: Token, children: &Children<'_, '_>) {
        if let Some(client) = self.clients.get_mut(&token) {
            let next = client.turn(self.service.is_stopping());
            self.go_on(token, next, children);
        }
    }

    fn go_on(&mut self, token: Token, next: Next, children: &Children<'_, '_>) {
        match next {
            Next::Wait => {}
            Next::Again => _ = self.ready.insert(token),
            Next::Meet(number) => self.meet(number, token),
            Next::EndMeeting(number) => {
                let clients = self.meetings.end(number);
                let came = clients.len();
                self.finish(clients, &Outcome::met_too_few(came, number));
            }
            Next::Block(job) => {
                if !children.start(token, job) {
                    self.finish([token], &Outcome::no_thread());
                }
            }
            Next::Gone => return self.forget(token),
        }
        if let Some(client) = self.clients.get(&token) {
            let idle_timeout = self.service.options().idle_timeout;
            let wakes_at = client.wakes_at(idle_timeout, self.service.cut_at());
            self.timers.set(token, wakes_at);
        }
    }

    fn meet(&mut self, number: usize, token: Token) {
        match self.meetings.join(number, token) {
            Joined::Met(clients) => self.finish(clients, &Outcome::met()),
            Joined::WaitsUntil(until) => {
                if let Some(client) = self.clients.get_mut(&token) {
                    client.waits_for_others(until);
                }
            }
        }
    }

    /// Ends what these clients wait for.
    fn finish(&mut self, clients: impl IntoIterator<Item = Token>, outcome: &Outcome) {
        for token in clients {
            if let Some(client) = self.clients.get_mut(&token) {
                client.finish(outcome.clone());
                self.ready.insert(token);
            }
        }
    }

    /// Drops a client and all that the loop knows of it; its socket closes.
    fn forget(&mut self, token: Token) {
        let Some(client) = self.clients.remove(&token) else {
            return;
        };
        if let Some(number) = client.meeting() {
            self.meetings.leave(number, token);
        }
        self.timers.remove(token);
        drop(client);
        if matches!(self.backlog, Backlog::Shut) {
            self.backlog = Backlog::MayHaveClients;
        }
    }
}
