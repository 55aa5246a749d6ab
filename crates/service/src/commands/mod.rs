//! Carrying out one request: what each command does.
//!
//! * These hold their thread until they are done, until a stop, or until their client
//!   resets the connection: `sleeping.rs` (SLEEP, woken by
//!   `crates/service/src/stopping.rs`), `primes.rs` (PRIMES), `running.rs` (RUN),
//!   `meeting.rs` (MEET), `greeting.rs` (SAY, where an operator answers).
//! * These answer at once: `counting.rs` (INCR, INCRBY, GET), `registering.rs`
//!   (REGISTER, ROSTER), `hello.rs` (HELLO). PING, ECHO and QUIT need no file.
//! * `timed.rs` (TIMED) does another request and adds what it cost.
//! * `outcome.rs` is the result: the reply, and what the console and the log print.

mod counting;
pub(crate) mod greeting;
pub(crate) mod hello;
pub(crate) mod meeting;
mod outcome;
pub(crate) mod primes;
mod registering;
pub(crate) mod running;
pub(crate) mod sleeping;
pub(crate) mod timed;

use std::net::SocketAddr;

use proto::{Reply, Request, RequestError};

pub(crate) use self::outcome::LONG;
pub use self::outcome::Outcome;
use crate::{connection::Connection, shared::Shared};

/// Does what was asked, or says why not.
pub(crate) fn carry_out(
    shared: &Shared,
    connection: &mut Connection,
    peer: SocketAddr,
    request: Result<Request, RequestError>,
) -> Outcome {
    let request = match request {
        Ok(request) => request,
        Err(error) => return error.to_reply().into(),
    };
    match request {
        Request::Sleep(duration) => {
            sleeping::sleep(shared, connection.stream(), duration)
        }
        Request::Primes(below) => primes::count(shared, connection.stream(), below),
        Request::Run { program, arguments } => {
            running::run(shared, connection.stream(), &program, arguments)
        }
        Request::Meet(clients) => meeting::meet(shared, connection.stream(), clients),
        Request::Say(text) => greeting::say(shared, connection, peer, &text),
        Request::Timed(request) => timed::timed(shared, connection, peer, *request),
        Request::Hello(version) => hello::hello(shared, &mut connection.version, version),
        other => answer_at_once(shared, peer, other),
    }
}

/// Does what waits for nothing, and concerns no connection.
pub(crate) fn answer_at_once(
    shared: &Shared,
    peer: SocketAddr,
    request: Request,
) -> Outcome {
    match request {
        Request::Ping(None) => Reply::Simple(b"PONG".to_vec()).into(),
        Request::Ping(Some(text)) | Request::Echo(text) => Reply::Bulk(text).into(),
        Request::Register {
            name,
            student_id,
            github,
        } => registering::register(shared, peer, &[name, student_id, github]),
        Request::Roster => registering::roster(shared),
        Request::IncrBy { counter, amount } => {
            counting::increase(shared, counter, amount)
        }
        Request::Get(counter) => counting::get(shared, &counter),
        Request::Quit => Outcome {
            closes: true,
            ..Reply::ok().into()
        },
        other => Reply::error(format!("ERR this server does not know {other:?}")).into(),
    }
}
