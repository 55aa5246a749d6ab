//! What is told of one request: a line on the console and one in the log, before its reply
//! is sent.

use std::{net::SocketAddr, time::Instant};

use proto::Arguments;

use crate::{
    commands::Outcome, printable, request_log::Entry, shared::Shared,
    thread_name::thread_name,
};

/// Writes both lines, as far as they are wanted.
pub(crate) fn record(
    shared: &Shared,
    peer: SocketAddr,
    arguments: &Arguments,
    outcome: &Outcome,
    start: Instant,
) {
    let Shared {
        console,
        log,
        options,
        ..
    } = shared;
    if options.quiet && !log.is_on() {
        return;
    }
    let service_time = start.elapsed();
    let request = printable::request(arguments);
    let thread = thread_name();
    console.show(format_args!(
        "{thread} {peer} {request} -> {} in {:.3} s",
        outcome.headline(),
        service_time.as_secs_f64()
    ));
    let entry = Entry {
        client: peer,
        thread: &thread,
        request: &request,
        status: outcome.status,
        output: &outcome.output(),
        service_time,
    };
    log.append(&entry, console);
}
