//! Carrying out one request: what each command does, a file each.

mod counting;
mod greeting;
mod hello;
mod meeting;
mod outcome;
mod primes;
mod registering;
mod running;
mod sleeping;
mod timed;

use std::net::SocketAddr;

use proto::{Reply, Request, RequestError};

pub(crate) use self::outcome::Outcome;
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
        Request::Ping(None) => Reply::Simple(b"PONG".to_vec()).into(),
        Request::Ping(Some(text)) | Request::Echo(text) => Reply::Bulk(text).into(),
        Request::Sleep(duration) => sleeping::sleep(shared, duration),
        Request::Primes(below) => primes::count(shared, below),
        Request::Run { program, arguments } => running::run(shared, &program, &arguments),
        Request::Meet(clients) => meeting::meet(shared, clients),
        Request::Say(text) => greeting::say(shared, connection, peer, &text),
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
        Request::Timed(request) => timed::timed(shared, connection, peer, *request),
        Request::Hello(version) => hello::hello(shared, connection, version),
        Request::Quit => Outcome {
            closes: true,
            ..Reply::ok().into()
        },
        other => Reply::error(format!("ERR this server does not do {other:?}")).into(),
    }
}
