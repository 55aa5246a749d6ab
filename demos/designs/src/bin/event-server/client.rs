//! One client, from its first request to its last reply: where a thread would wait, this
//! returns, and remembers in a [`Phase`] what it was about to do.

#[path = "deadlines.rs"]
mod deadlines;
#[path = "lingering.rs"]
mod lingering;
#[path = "memory.rs"]
mod memory;

use std::{
    io::{self, ErrorKind},
    time::Instant,
};

use mio::event::Event;
use service::{Job, Outcome, Session, Task, Work};

use crate::{
    connection::{Connection, Received},
    replies::Replies,
    waiting::{self, Begun, Waiting},
};

#[derive(Debug)]
pub(crate) struct Client<'a> {
    session: Session<'a>,
    connection: Connection,
    replies: Replies,
    phase: Phase,
    /// When it asked for something the last time.
    asked_at: Instant,
    has_read_last: bool,
}

/// What a client is at: a thread would know this by where it stands in its code.
#[derive(Debug)]
enum Phase {
    Conversing,
    /// One of its requests takes its time.
    Doing(Task, Waiting),
    /// Its last reply is being sent.
    Closing,
    /// It has been sent its last reply, and may send `room` bytes more before it is
    /// closed.
    Lingering {
        until: Instant,
        room: usize,
    },
}

/// What the loop has to do for a client after its turn.
pub(crate) enum Next {
    /// Nothing, until there is an event or its timer ends.
    Wait,
    /// Give it another turn, once the others had theirs.
    Again,
    /// Let it join the others who stand in MEET.
    Meet(usize),
    /// Do this elsewhere: it would block the loop.
    Block(Job),
    /// The time of this meeting is up, for all who stand in it.
    EndMeeting(usize),
    /// Forget it.
    Gone,
}

impl<'a> Client<'a> {
    pub(crate) fn new(session: Session<'a>) -> Self {
        Self {
            session,
            connection: Connection::default(),
            replies: Replies::default(),
            phase: Phase::Conversing,
            asked_at: Instant::now(),
            has_read_last: false,
        }
    }

    pub(crate) fn note(&mut self, event: &Event) {
        self.connection.note(event);
    }

    /// Does what can be done without waiting, at most one read's worth, so that a client
    /// who sends without end does not keep the loop to itself.
    pub(crate) fn turn(&mut self, is_stopping: bool) -> Next {
        if self.connection.is_lost() {
            return Next::Gone;
        }
        if let Phase::Lingering { .. } = self.phase {
            return self.linger();
        }
        let mut has_read = false;
        loop {
            let begun = self.answer_all();
            if let Some(Next::Gone) = begun {
                return Next::Gone; // and gets no reply
            }
            let Ok(is_sent) = self.flush() else {
                return Next::Gone;
            };
            if self.session.has_more() {
                return if is_sent { Next::Again } else { Next::Wait };
            }
            match begun {
                Some(Next::Again) | None if !is_sent => return Next::Wait,
                Some(next) => return next,
                None => {}
            }
            if matches!(self.phase, Phase::Closing) || self.has_read_last {
                return self.close();
            }
            if !self.connection.is_readable() {
                return Next::Wait;
            }
            if has_read {
                return Next::Again;
            }
            // When the server stops, what has arrived is still read and answered.
            self.has_read_last = is_stopping;
            match self.connection.read(self.session.stream()) {
                Received::Nothing => return Next::Wait,
                Received::Bytes if self.is_within_memory() => has_read = true,
                Received::End if self.is_within_memory() => return Next::Gone,
                _ => self.refuse_memory(),
            }
        }
    }

    /// Does every request that has arrived whole, up to one that takes its time.
    fn answer_all(&mut self) -> Option<Next> {
        while matches!(self.phase, Phase::Conversing) {
            if self.replies.is_batch_full() || self.session.has_more() {
                return Some(Next::Again);
            }
            match self.connection.next_request() {
                Ok(Some(arguments)) if self.session.is_from_browser(&arguments) => {
                    return Some(Next::Gone);
                }
                Ok(Some(arguments)) if !self.may_ask(&arguments) => {
                    drop(arguments);
                    self.refuse_memory();
                }
                Ok(Some(arguments)) => {
                    let (task, work) = self.session.begin(arguments);
                    let next = self.carry_out(task, work);
                    // After what held the loop, it is the turn of others.
                    let held = self.session.has_held().then_some(Next::Again);
                    if let Some(next) = next.or(held) {
                        return Some(next);
                    }
                }
                Ok(None) => return None,
                Err(error) => {
                    self.session.refuse(error, &mut self.replies.bytes);
                    self.phase = Phase::Closing;
                }
            }
        }
        matches!(self.phase, Phase::Doing(..)).then_some(Next::Wait)
    }

    fn carry_out(&mut self, task: Task, work: Work) -> Option<Next> {
        if let Work::Done(outcome) = work {
            self.end(task, outcome);
            return None;
        }
        let _ = self.flush(); // if the client is gone, the next flush finds it again
        match waiting::begin(work) {
            Begun::Done(outcome) => {
                self.end(task, outcome);
                Some(Next::Again)
            }
            Begun::Waits(waiting, next) => {
                self.phase = Phase::Doing(task, waiting);
                Some(next)
            }
        }
    }

    /// How many clients it waits for in MEET, if it does.
    pub(crate) fn meeting(&self) -> Option<usize> {
        match self.phase {
            Phase::Doing(_, Waiting::Others { number, .. }) => Some(number),
            _ => None,
        }
    }

    /// Ends the request that takes its time; its client gets a turn for the next.
    pub(crate) fn finish(&mut self, outcome: Outcome) {
        match std::mem::replace(&mut self.phase, Phase::Conversing) {
            Phase::Doing(task, _) => self.end(task, outcome),
            other => self.phase = other,
        }
    }

    fn end(&mut self, task: Task, outcome: Outcome) {
        let outcome = self.within_memory(outcome);
        if self.session.end(task, outcome, &mut self.replies.bytes) {
            self.phase = Phase::Closing;
        }
    }

    fn flush(&mut self) -> io::Result<bool> {
        if !self.replies.bytes.is_empty() {
            self.asked_at = Instant::now();
        }
        let write_by = self.replies.write_by;
        let mut is_sent = self.replies.flush(self.session.stream())?;
        if is_sent && self.session.has_more() {
            self.session.append_more(&mut self.replies.bytes);
            is_sent = self.replies.flush(self.session.stream())?;
            // The time to read is for all of the reply.
            self.replies.write_by = write_by.or(self.replies.write_by);
        }
        let may_stay = self.is_within_memory();
        self.session.set_sending(!is_sent);
        if is_sent && !self.session.has_more() {
            self.session.sent();
            self.replies.write_by = None;
        } else if !is_sent && !may_stay {
            return Err(ErrorKind::OutOfMemory.into()); // a part of its replies is sent
        }
        Ok(is_sent)
    }
}
