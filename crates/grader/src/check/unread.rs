//! A client that asks for much and reads none of it, beside one that is to be served.

use std::{
    io::Write,
    net::Shutdown,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use proto::encode_request;

use super::late_reader::until_it_stands_still;
use crate::{
    early_end::{FailureText, Outcome},
    workbench::Workbench,
};

const REQUESTS: usize = 16;
const MEBIBYTE: usize = 1024 * 1024;
const PIECE: usize = 64 * 1024;
const TRIPS: usize = 10;

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    workbench.must_serve_two()?;
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!("A sent {REQUESTS} {echo} of 1 MiB each and read nothing; then B asked"),
        format!("B is answered {TRIPS} times"),
        "a client that does not read makes every other client wait",
        &[
            "an event loop that waits in a write: keep what does not fit, and send it later",
            "a lock guard that is alive while a reply is written",
        ],
    );
    workbench.with_server(|running| {
        let a = running.served_peer(&failure_text, "A")?;
        let mut b = running.served_peer(&failure_text, "B")?;
        let sender = a.stream().try_clone();
        let mut sender =
            sender.map_err(|error| failure_text.silent(error.to_string()))?;
        let sent = AtomicUsize::new(0);
        thread::scope(|scope| {
            let send = || {
                let mut bytes = Vec::new();
                encode_request(&[echo.as_bytes(), &vec![b'x'; MEBIBYTE]], &mut bytes);
                for _ in 0..REQUESTS {
                    for piece in bytes.chunks(PIECE) {
                        // Whoever does not take it all is not to be blamed for that here.
                        if sender.write_all(piece).is_err() {
                            return;
                        }
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                }
            };
            let sending = thread::Builder::new().spawn_scoped(scope, send);
            sending.map_err(|error| failure_text.silent(error.to_string()))?;
            until_it_stands_still(running, &sent);
            let served = (0..TRIPS).try_for_each(|_| {
                let trip = b.round_trip(echo);
                trip.map_err(|trouble| failure_text.trouble("B's request", &trouble))
            });
            // The sender must not wait for a server that does not read.
            let _ = a.stream().shutdown(Shutdown::Both);
            served
        })
    })?;
    Ok(format!("B was answered {TRIPS} times beside A"))
}
