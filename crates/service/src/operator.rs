//! The person at the server who answers: one client at a time owns the terminal.

use std::{
    io::{self, IsTerminal, Read},
    net::SocketAddr,
    os::fd::AsFd,
    sync::Mutex,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::getpgrp,
    termios::tcgetpgrp,
};

use crate::{
    connection::Connection,
    console::Console,
    lock::lock,
    other_end::{is_abandoned, is_reset},
    printable,
    stopping::{Cut, Stopping},
};

/// How often the client that waits is looked at, and whether the terminal is ours.
const GLANCE: Duration = Duration::from_millis(250);
/// Bytes of one answer.
const LONGEST: usize = 64 * 1024;

/// What the operator has typed and nobody has got yet; its lock is the terminal's.
#[derive(Debug, Default)]
pub(crate) struct Operator {
    terminal: Mutex<Vec<u8>>,
}

/// What a message is answered.
#[derive(Debug)]
pub(crate) enum Answer {
    Text(Vec<u8>),
    /// A single dot: the operator ends this conversation.
    GoodBye,
    /// Standard input is at its end.
    NobodyThere,
    /// The client did not wait for the answer.
    ClientLeft,
    Cut(Cut),
}

/// What poll found.
enum Event {
    Typed,
    ClientLeft,
    Cut,
}

impl Operator {
    /// Shows the message with its sender and waits for a line.
    pub(crate) fn answer(
        &self,
        console: &Console,
        stopping: &Stopping,
        connection: &Connection,
        peer: SocketAddr,
        text: &[u8],
    ) -> Answer {
        let mut typed = lock(&self.terminal);
        if has_left(connection, stopping) {
            return self.client_left(console, peer);
        }
        if stopping.is_cut() {
            return Answer::Cut(Cut);
        }
        console.announce(format_args!(
            "{} {peer} says: {}\n  your answer to {peer} (a single dot ends it):",
            crate::console::now(),
            printable::text(text)
        ));
        loop {
            if let Some(end) = typed.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = typed.drain(..=end).collect();
                if has_left(connection, stopping) {
                    return self.client_left(console, peer);
                }
                return match line.trim_ascii_end() {
                    b"." => Answer::GoodBye,
                    answer => Answer::Text(answer.to_vec()),
                };
            }
            match wait(stopping, connection) {
                Ok(Event::Typed) => match read_more(&mut typed) {
                    Ok(0) | Err(_) if typed.is_empty() => return Answer::NobodyThere,
                    Ok(0) | Err(_) => typed.push(b'\n'),
                    Ok(_) => {}
                },
                Ok(Event::ClientLeft) => return self.client_left(console, peer),
                Ok(Event::Cut) => return Answer::Cut(Cut),
                Err(_) => return Answer::NobodyThere,
            }
        }
    }

    fn client_left(&self, console: &Console, peer: SocketAddr) -> Answer {
        console.announce(format_args!(
            "{} {peer} has left without waiting for an answer",
            crate::console::now()
        ));
        Answer::ClientLeft
    }
}

/// Whether the client has gone. One that has closed its side may still wait for the answer; a
/// stop shuts the read side of every connection, which looks the same.
fn has_left(connection: &Connection, stopping: &Stopping) -> bool {
    let stream = connection.stream();
    let has_closed = connection.has_left() && !stopping.has_begun();
    is_reset(stream) || (has_closed && is_abandoned(stream))
}

/// Reads what was typed, straight from the descriptor that poll watches: `Stdin` has a buffer
/// of its own, which poll does not see.
fn read_more(typed: &mut Vec<u8>) -> io::Result<usize> {
    let mut chunk = [0; 4096];
    let count = rustix::io::read(io::stdin().as_fd(), &mut chunk)?;
    (&chunk[..]).take(count as u64).read_to_end(typed)?;
    if typed.len() > LONGEST {
        typed.truncate(LONGEST);
        typed.push(b'\n');
    }
    Ok(count)
}

/// Waits until something is typed, the client leaves, or the stop cuts the wait.
fn wait(stopping: &Stopping, connection: &Connection) -> io::Result<Event> {
    let stdin = io::stdin();
    loop {
        if stopping.is_cut() {
            return Ok(Event::Cut);
        }
        if has_left(connection, stopping) {
            return Ok(Event::ClientLeft);
        }
        let left = stopping
            .cut_at()
            .map(|at| at.saturating_duration_since(Instant::now()));
        let left = left.map_or(GLANCE, |left| left.min(GLANCE));
        let signal = (!stopping.has_begun()).then(|| stopping.signal());
        let terminal = may_read(&stdin).then(|| stdin.as_fd());
        let read = |source| PollFd::from_borrowed_fd(source, PollFlags::IN);
        let mut waiting: Vec<PollFd<'_>> =
            [terminal, signal].into_iter().flatten().map(read).collect();
        waiting.push(PollFd::new(connection, PollFlags::empty()));
        match poll(&mut waiting, Timespec::try_from(left).ok().as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let first = waiting.first().map(PollFd::revents);
        if terminal.is_some() && first.is_some_and(|events| !events.is_empty()) {
            return Ok(Event::Typed);
        }
    }
}

/// Whether the terminal is ours to read. In the background (`&`) the system would stop the
/// whole server for trying.
fn may_read(stdin: &io::Stdin) -> bool {
    !stdin.is_terminal() || tcgetpgrp(stdin).is_ok_and(|group| group == getpgrp())
}
