//! The person at the server who answers: one client at a time has the terminal.

use std::{
    io,
    net::SocketAddr,
    os::fd::AsFd,
    sync::Mutex,
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{
    connection::Connection,
    console::{Console, now},
    keyboard::{Keyboard, Typed, is_terminal, may_read},
    lock::lock,
    other_end::{has_closed, is_abandoned, is_reset},
    printable,
    stopping::{Cut, Stopping},
    turns::Turns,
};

/// How often the client that waits is looked at, and whether the terminal is ours.
const GLANCE: Duration = Duration::from_millis(250);

/// The person, whom clients ask in turns.
#[derive(Debug, Default)]
pub(crate) struct Operator {
    turns: Turns,
    keyboard: Mutex<Keyboard>,
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
    /// Shows the message with its sender, and waits for its turn and then for a line.
    pub(crate) fn answer(
        &self,
        console: &Console,
        stopping: &Stopping,
        connection: &Connection,
        peer: SocketAddr,
        text: &[u8],
    ) -> Answer {
        let text = printable::text(text);
        let (turn, before) = self.turns.queue(peer);
        if let Some(before) = before {
            console.announce(format_args!(
                "{} {peer} also asks: {text}\n  it waits; your answer goes to {before}",
                now()
            ));
        }
        while !turn.comes_within(GLANCE) {
            if stopping.is_cut() {
                return Answer::Cut(Cut);
            }
            if has_left(connection, stopping) {
                return client_left(console, peer, "");
            }
        }
        if has_left(connection, stopping) {
            return client_left(console, peer, "");
        }
        if stopping.is_cut() {
            return Answer::Cut(Cut);
        }
        self.ask(console, stopping, connection, peer, &text)
    }

    /// Asks the person, whose terminal is this client's now.
    fn ask(
        &self,
        console: &Console,
        stopping: &Stopping,
        connection: &Connection,
        peer: SocketAddr,
        text: &str,
    ) -> Answer {
        let mut keyboard = lock(&self.keyboard);
        for line in keyboard.forget() {
            console.announce(format_args!(
                "what you typed before this question was not sent: {}",
                printable::text(&line)
            ));
        }
        console.announce(format_args!(
            "{} {peer} says: {text}\n  your answer to {peer} (a single dot ends it):",
            now()
        ));
        loop {
            if let Some(line) = keyboard.line() {
                if has_left(connection, stopping) {
                    return client_left(console, peer, "; your answer will not be sent");
                }
                return match line.as_slice() {
                    b"." => Answer::GoodBye,
                    _ => Answer::Text(line),
                };
            }
            match wait(stopping, connection) {
                Ok(Event::Typed) => match keyboard.read() {
                    Typed::More => {}
                    Typed::End => return Answer::NobodyThere,
                },
                Ok(Event::ClientLeft) => {
                    keyboard.forget();
                    let typed = if is_terminal() {
                        "; what was typed for it is dropped"
                    } else {
                        ""
                    };
                    return client_left(console, peer, typed);
                }
                Ok(Event::Cut) => return Answer::Cut(Cut),
                Err(_) => return Answer::NobodyThere,
            }
        }
    }
}

/// Says that a client has left. Half an answer may stand on the terminal: the line begins
/// on one of its own.
fn client_left(console: &Console, peer: SocketAddr, then: &str) -> Answer {
    let begin = if is_terminal() { "\n" } else { "" };
    console.announce(format_args!(
        "{begin}{} {peer} has left without waiting for an answer{then}",
        now()
    ));
    Answer::ClientLeft
}

/// Whether the client has gone. One that has closed its side may still wait for the
/// answer; a stop shuts the read side of every connection, which looks the same.
fn has_left(connection: &Connection, stopping: &Stopping) -> bool {
    let stream = connection.stream();
    let has_closed = has_closed(stream) && !stopping.has_begun();
    is_reset(stream) || (has_closed && is_abandoned(stream))
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
        let terminal = may_read().then(|| stdin.as_fd());
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
