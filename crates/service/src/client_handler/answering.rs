//! Doing what a client asks for: each request is done, written down and answered.

use std::time::Instant;

use proto::{Arguments, Reply, Request};

use super::{ClientHandler, ConversationEnd};
use crate::{
    client_memory,
    commands::{self, LONG, Outcome},
    connection::Connection,
    printable, recording,
    thread_name::thread_name,
    throttle::Cause,
};

impl ClientHandler<'_> {
    pub(super) fn give_up(&self, why: &str) -> ConversationEnd {
        self.shared
            .console
            .show(format_args!("{} {} {why}", thread_name(), self.peer));
        ConversationEnd::Closed
    }

    /// Closes a client that holds most of what is too much in all.
    pub(super) fn refuse_memory(
        &mut self,
        connection: &mut Connection,
    ) -> ConversationEnd {
        connection.forget();
        connection.reply(&Reply::error(client_memory::REFUSAL));
        if !self.flush(connection) {
            return ConversationEnd::Gone;
        }
        self.give_up(client_memory::REASON)
    }

    /// Does every request that has arrived whole.
    pub(super) fn answer_all(
        &mut self,
        connection: &mut Connection,
    ) -> Result<(), ConversationEnd> {
        while !self.closing {
            if self.shared.stopping.is_cut() {
                self.closing = true; // one read may bring more than a stop can wait for
                break;
            }
            match connection.next_request() {
                Ok(Some(arguments)) if Request::is_from_browser(&arguments) => {
                    let text = format_args!(
                        "closed {}: a browser sent it '{}', on behalf of a web page",
                        self.peer,
                        printable::request(&arguments)
                    );
                    self.shared.console.warn_of(Cause::Browser, text);
                    return Err(ConversationEnd::Gone);
                }
                Ok(Some(arguments)) => self.answer(connection, arguments)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    connection.reply(&error.to_reply());
                    self.closing = true;
                }
            }
        }
        Ok(())
    }

    fn answer(
        &mut self,
        connection: &mut Connection,
        arguments: Arguments,
    ) -> Result<(), ConversationEnd> {
        let bytes = arguments.iter().map(Vec::capacity).sum();
        if connection.hold(bytes).is_err() {
            drop(arguments);
            return Err(self.refuse_memory(connection));
        }
        let written = recording::words(self.shared, &arguments);
        let request = Request::from_arguments(arguments);
        let holds =
            matches!(&request, Ok(request) if self.shared.may_hold_thread(request));
        let is_full = connection.is_batch_full() || self.records.is_batch_full();
        if (holds || is_full) && !self.flush(connection) {
            return Err(ConversationEnd::Gone);
        }
        // Nobody else wants to know when it began, and the clock is not free.
        let written = written.map(|words| (words, Instant::now()));
        if let (Ok(request), Some((words, _))) = (&request, &written) {
            recording::show_begin(self.shared, self.peer, request, words);
        }
        let outcome = commands::carry_out(self.shared, connection, self.peer, request);
        let Self { shared, peer, .. } = self;
        if let Some((words, start)) = written {
            self.records.add(shared, *peer, &words, &outcome, start);
        }
        self.closing |= outcome.closes || self.shared.options.once;
        let counted = if outcome.aborted { 0 } else { 1 };
        self.shared.accounting.aborted(1 - counted);
        let weight = outcome.weight();
        if weight < LONG {
            connection.reply(&outcome.reply);
            self.unsent += counted;
            return Ok(());
        }
        if !self.flush(connection) {
            self.unsent += counted;
            return Err(ConversationEnd::Gone);
        }
        self.unsent += counted;
        self.send(connection, outcome, weight)
    }

    /// Sends a long reply at once, alone.
    fn send(
        &mut self,
        connection: &mut Connection,
        outcome: Outcome,
        weight: usize,
    ) -> Result<(), ConversationEnd> {
        if connection.hold(weight).is_err() {
            drop(outcome);
            return Err(self.refuse_memory(connection));
        }
        connection
            .send(&outcome.reply)
            .map_err(|_| ConversationEnd::Gone)?;
        self.shared
            .accounting
            .answered(std::mem::take(&mut self.unsent));
        Ok(())
    }

    /// Writes down what was done, then sends the replies; `false` when the client is
    /// gone.
    pub(super) fn flush(&mut self, connection: &mut Connection) -> bool {
        self.records.write(self.shared);
        let sent = connection.flush().is_ok();
        if sent {
            self.shared
                .accounting
                .answered(std::mem::take(&mut self.unsent));
        }
        sent
    }
}
