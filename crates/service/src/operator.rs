//! The person at the server who answers: one client at a time owns the terminal.

use std::{
    io::{self, Read},
    net::SocketAddr,
    os::fd::AsFd,
    sync::Mutex,
    time::Instant,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{
    connection::Connection,
    console::Console,
    lock::lock,
    printable,
    stopping::{Cut, Stopping},
};

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
            crate::console::time_of_day(),
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
            crate::console::time_of_day()
        ));
        Answer::ClientLeft
    }
}

/// Whether the client has gone. A stop shuts the read side of every connection, which looks
/// the same: from then on nobody can tell, and the client is answered or cut.
fn has_left(connection: &Connection, stopping: &Stopping) -> bool {
    connection.has_left() && !stopping.has_begun()
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
    let mut watch_client = true;
    loop {
        if stopping.is_cut() {
            return Ok(Event::Cut);
        }
        let left = stopping
            .cut_at()
            .map(|at| at.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        let signal = (!stopping.has_begun()).then(|| stopping.signal());
        let client = watch_client.then(|| connection.as_fd());
        let mut waiting: Vec<PollFd<'_>> = [Some(stdin.as_fd()), client, signal]
            .into_iter()
            .flatten()
            .map(|source| PollFd::from_borrowed_fd(source, PollFlags::IN))
            .collect();
        match poll(&mut waiting, left.as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if waiting
            .first()
            .is_some_and(|stdin| !stdin.revents().is_empty())
        {
            return Ok(Event::Typed);
        }
        if watch_client
            && waiting
                .get(1)
                .is_some_and(|client| !client.revents().is_empty())
        {
            if has_left(connection, stopping) {
                return Ok(Event::ClientLeft);
            }
            watch_client = false; // it has sent its next request and waits for both answers
        }
    }
}
