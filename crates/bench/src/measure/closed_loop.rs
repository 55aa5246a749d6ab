//! Clients that send their next request once the last is answered.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use client::{Connection, Reply};

use crate::{
    bench::{Bench, settle},
    contestant::Contestant,
    error::Error,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// How many requests of `clients` a fresh server answers in a second.
pub(crate) fn rate(
    server: &Contestant,
    request: &[&str],
    clients: usize,
    bench: &Bench,
) -> Result<f64, Error> {
    bench.interrupt.check()?;
    let running = server.start()?;
    let address = running.address();
    let asked = |source| Error::Refused {
        what: "a thread",
        source,
    };
    let rates = thread::scope(|scope| {
        let client =
            move || keep_asking(server.name(), request, address, bench.run_time());
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, client);
        let threads: Vec<_> = (0..clients).map(spawn).collect();
        let mut rates = 0.0;
        for thread in threads {
            // A client that panicked has done nothing.
            rates += thread.map_err(asked)?.join().unwrap_or(Ok(0.0))?;
        }
        Ok(rates)
    });
    drop(running);
    settle();
    rates
}

/// One client: its requests a second until its own last reply, so that it does not count
/// against the server that a request was under way when the time was up.
pub(crate) fn keep_asking(
    server: &str,
    request: &[&str],
    address: SocketAddr,
    time: Duration,
) -> Result<f64, Error> {
    let mut connection = Connection::open(address.to_string(), PATIENCE)?;
    let (start, mut answered) = (Instant::now(), 0_u32);
    loop {
        match connection.request(request)? {
            reply @ Reply::Error(_) => {
                return Err(Error::wrong_reply(server, request, &reply));
            }
            _ => answered += 1,
        }
        let took = start.elapsed();
        if took >= time {
            return Ok(f64::from(answered) / took.as_secs_f64());
        }
    }
}
