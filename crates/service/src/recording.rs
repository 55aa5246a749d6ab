//! What is written down of each request: a line on the console and one in the log, both
//! before its reply is sent.

use std::{net::SocketAddr, time::Instant};

use proto::{Arguments, Request};

use crate::{
    commands::Outcome, printable, request_log::Entry, shared::Shared,
    thread_name::thread_name,
};

/// Bytes of lines that are collected at most.
const BATCH: usize = 64 * 1024;
/// Bytes of memory that a client keeps for its next lines.
const KEPT: usize = 1_024;

/// A request as it is written down, if it is: its arguments go to the command, uncopied.
pub(crate) fn words(shared: &Shared, arguments: &Arguments) -> Option<String> {
    let is_wanted = !shared.options.quiet || shared.log.is_on();
    is_wanted.then(|| printable::request(arguments))
}

/// Shows at once that a request has arrived which may hold its thread: its own line comes
/// when it is done. A message to the operator is shown by asking for the answer.
pub(crate) fn show_begin(
    shared: &Shared,
    peer: SocketAddr,
    request: &Request,
    words: &str,
) {
    if request.may_hold_thread() {
        let thread = thread_name();
        shared
            .console
            .show(format_args!("{thread} {peer} begins {words}"));
    }
}

/// Lines of requests that one client asked in a pipeline: written together, as their
/// replies are sent together.
#[derive(Debug, Default)]
pub(crate) struct Records {
    console: Vec<u8>,
    log: Vec<u8>,
}

impl Records {
    /// Adds the lines of one request, as far as they are wanted.
    pub(crate) fn add(
        &mut self,
        shared: &Shared,
        peer: SocketAddr,
        request: &str,
        outcome: &Outcome,
        start: Instant,
    ) {
        let Shared { console, log, .. } = shared;
        let service_time = start.elapsed();
        let thread = thread_name();
        let own = format_args!(
            "{thread} {peer} {request} -> {} in {:.3} s",
            outcome.headline(),
            service_time.as_secs_f64()
        );
        let others = outcome
            .printed
            .as_ref()
            .and_then(|lines| console.line(lines));
        for line in [others, console.line(own)].into_iter().flatten() {
            self.console.extend_from_slice(line.as_bytes());
        }
        if log.is_on() {
            let entry = Entry {
                client: peer,
                thread: &thread,
                request,
                status: outcome.status,
                output: &outcome.output(),
                service_time,
            };
            entry.line(&mut self.log);
        }
    }

    /// Whether so much is collected that it should be written.
    pub(crate) fn is_batch_full(&self) -> bool {
        self.console.len().max(self.log.len()) >= BATCH
    }

    /// Writes what is collected: called before the replies are sent.
    pub(crate) fn write(&mut self, shared: &Shared) {
        if !self.console.is_empty() {
            shared.console.print(&self.console);
            self.console.clear();
            self.console.shrink_to(KEPT);
        }
        if !self.log.is_empty() {
            shared.log.write(&self.log);
            self.log.clear();
            self.log.shrink_to(KEPT);
        }
    }
}
