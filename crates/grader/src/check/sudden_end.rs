//! SIGKILL right after a reply: each request that was answered has its line.
//!
//! A line that is printed after its reply is late by a millionth of a second. So the
//! server is stopped whenever a reply comes, and killed once a reply is there without its
//! line.

use std::{
    collections::HashSet,
    io::{ErrorKind, Read},
    net::TcpStream,
    time::{Duration, Instant},
};

use launch::Stream;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal},
};

use crate::{
    cores::Apart,
    early_end::{EarlyEnd, FailureText},
    running::{Running, signal},
    test_client::TestClient,
    workbench::Workbench,
};

use super::{
    burst,
    log::{BUSY_CLIENTS, send, words_of},
};

/// How long the server may run until a client that is looked at gets something.
const RUNS: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 20_000_000,
};
/// How long a line may take from the server's pipe to this check.
const DRAIN: Duration = Duration::from_millis(20);
/// How long this thread looks for a reply without giving its core away.
const LOOKS: Duration = Duration::from_millis(3);
/// After this many looks without a reply, it gives its core away.
const GIVES_WAY: usize = 3;

fn failure_text(echo: &str) -> FailureText {
    FailureText::new(
        format!("clients sent {echo}; the server got SIGKILL right after a reply"),
        "the line of each request that was answered is out",
        "a request that was answered is in no log if the server is killed",
        &[
            "the line is printed after the reply was sent",
            "the line is handed to another thread, or kept in a buffer",
        ],
    )
}

/// Gives how many replies came, all of them with their lines, before the server was
/// killed.
pub(super) fn lines_survive(
    workbench: &Workbench<'_>,
    running: &mut Running<'_>,
) -> Result<usize, EarlyEnd> {
    let failure_text = failure_text(workbench.echo());
    let mut test_clients =
        burst::clients(workbench, running, BUSY_CLIENTS, &failure_text)?;
    let pids = running.pids();
    signal(&pids, Signal::STOP);
    let _apart = Apart::from(&pids);
    let mut answered: Vec<String> = Vec::new();
    let end = Instant::now() + workbench.races(2);
    while Instant::now() < end {
        let sent = send(workbench, &mut test_clients, 1);
        let mut listeners: Vec<_> =
            test_clients.iter().zip(&sent).map(Listener::new).collect();
        let is_suspicious = step_through(running, &pids, &mut listeners, end);
        if is_suspicious || Instant::now() > end {
            running.kill_at_once(&pids);
        }
        listeners.iter_mut().for_each(Listener::listen);
        let heard = listeners.iter().filter(|one| one.is_answered());
        answered.extend(heard.map(|one| one.due.to_owned()));
        if is_suspicious || listeners.iter().any(|one| one.is_over) {
            break;
        }
    }
    running.kill_at_once(&pids);
    let Some(missing) = without_a_line(running, &answered) else {
        return Ok(answered.len());
    };
    let mut early_end = failure_text.broken(format!(
        "{missing} was answered, and no line of standard output holds it"
    ));
    if let Some(failure) = early_end.failure() {
        "it ran until this check killed it".clone_into(&mut failure.server);
    }
    Err(early_end)
}

/// Lets the server answer a request of each client, and stops it after each reply;
/// whether one seems to lack its line. A server that is slow is left wherever it is.
fn step_through(
    running: &Running<'_>,
    pids: &[Pid],
    listeners: &mut [Listener<'_>],
    end: Instant,
) -> bool {
    for step in 0.. {
        if !listeners.iter().any(Listener::waits) || Instant::now() > end {
            break;
        }
        run_until_a_reply(pids, listeners, step);
        for listener in listeners.iter_mut().filter(|one| one.waits()) {
            listener.listen();
            if listener.is_answered() && !has_a_line(running, listener.due) {
                return true;
            }
        }
    }
    false
}

/// Lets the server run until a reply comes. This thread keeps its core meanwhile, so that
/// it sees the reply at once; every so often it gives the core away, because the server
/// may want it.
fn run_until_a_reply(pids: &[Pid], listeners: &[Listener<'_>], step: usize) {
    let waiting = listeners.iter().filter(|one| one.waits());
    let mut waits: Vec<_> = waiting
        .map(|one| PollFd::new(one.stream, PollFlags::IN))
        .collect();
    signal(pids, Signal::CONT);
    let end = Instant::now() + LOOKS;
    // Without the wait, or before its time, it is stopped somewhere else.
    let seen = loop {
        let seen = poll(&mut waits, Some(&Timespec::default())).unwrap_or(0);
        if seen > 0 || Instant::now() > end {
            break seen;
        }
    };
    if seen == 0 && step.is_multiple_of(GIVES_WAY) {
        let _ = poll(&mut waits, Some(&RUNS));
    }
    signal(pids, Signal::STOP);
}

/// What has come for one client.
struct Listener<'p> {
    stream: &'p TcpStream,
    /// The word of its request.
    due: &'p str,
    heard: Vec<u8>,
    is_over: bool,
}

impl<'p> Listener<'p> {
    fn new((test_client, sent): (&'p TestClient, &'p Vec<String>)) -> Self {
        Self {
            stream: test_client.stream(),
            due: sent.last().map_or("", String::as_str),
            heard: Vec::new(),
            is_over: false,
        }
    }

    /// Takes in what is there, and waits for nothing.
    fn listen(&mut self) {
        let mut bytes = [0; 4096];
        self.is_over |= self.stream.set_nonblocking(true).is_err();
        loop {
            match self.stream.read(&mut bytes) {
                Ok(count @ 1..) => {
                    self.heard.extend(bytes.iter().take(count));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                _ => {
                    self.is_over = true;
                    break;
                }
            }
        }
        self.is_over |= self.stream.set_nonblocking(false).is_err();
    }

    /// Whether its whole reply is there.
    fn is_answered(&self) -> bool {
        let heard = String::from_utf8_lossy(&self.heard);
        heard.contains(self.due) && heard.ends_with("\r\n")
    }

    fn waits(&self) -> bool {
        !self.is_over && !self.is_answered()
    }
}

/// Whether the line of a request is out; it may be on its way here.
fn has_a_line(running: &Running<'_>, word: &str) -> bool {
    let line = |line: &str| line.contains(word);
    let found = running.server.wait_for_line(Stream::Stdout, DRAIN, line);
    found.is_some()
}

fn without_a_line<'w>(
    running: &Running<'_>,
    answered: &[impl AsRef<str> + 'w],
) -> Option<String> {
    let lines = running.server.lines(Stream::Stdout);
    let held: HashSet<_> = lines.iter().flat_map(|line| words_of(line)).collect();
    let mut words = answered.iter().map(AsRef::as_ref);
    let missing = words.find(|word| !held.contains(word));
    missing.map(str::to_owned)
}
