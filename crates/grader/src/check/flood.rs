//! A client that sends 16 requests of 1 MiB and reads nothing, until its server stands
//! still.

use std::{
    io::{self, Write},
    net::{Shutdown, TcpStream},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use proto::encode_request;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{
    early_end::{EarlyEnd, FailureText},
    nonce::nonce,
    running::Running,
    test_client::TestClient,
};

pub(super) const REQUESTS: usize = 16;
const MEBIBYTE: usize = 1024 * 1024;
/// How much is sent between two looks at what the server does.
const PIECE: usize = 64 * 1024;
/// At how many glances in a row the server has to sleep: it can write no more.
const FULL: u32 = 2;
/// How much longer a slow machine may take to come to that.
const SLOW: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(5);

/// What each request echoes: a mebibyte that no other request has.
pub(super) fn payloads() -> Vec<Vec<u8>> {
    let payload = || {
        let nonce = nonce();
        let mut payload = nonce.repeat(MEBIBYTE.div_ceil(nonce.len())).into_bytes();
        payload.truncate(MEBIBYTE);
        payload
    };
    (0..REQUESTS).map(|_| payload()).collect()
}

/// How much of a flood is sent.
#[derive(Default)]
pub(super) struct Progress {
    pieces: AtomicUsize,
    is_all: AtomicBool,
}

/// Has `a` send the payloads, and does `then` once the server takes no more of them. Its
/// connection is of no use afterwards.
pub(super) fn while_it_sends<T>(
    running: &Running<'_>,
    failure_text: &FailureText,
    client: (&mut TestClient, &str),
    payloads: &[Vec<u8>],
    then: impl FnOnce(&mut TestClient) -> Result<T, EarlyEnd>,
) -> Result<T, EarlyEnd> {
    let outcome = sending(client, payloads, |a, progress| {
        // A sender that had no turn could send more.
        let can_send =
            || !progress.is_all.load(Ordering::Relaxed) && has_room(a.stream());
        until_it_stands_still(running, &progress.pieces, can_send);
        then(a)
    });
    outcome.map_err(|error| failure_text.silent(error.to_string()))?
}

/// Has `a` send the payloads, and does `then` beside it. Its connection is of no use
/// afterwards.
pub(super) fn sending<T>(
    (a, echo): (&mut TestClient, &str),
    payloads: &[Vec<u8>],
    then: impl FnOnce(&mut TestClient, &Progress) -> T,
) -> io::Result<T> {
    let mut sender = a.stream().try_clone()?;
    let progress = Progress::default();
    thread::scope(|scope| {
        let send = || {
            for payload in payloads {
                let mut bytes = Vec::new();
                encode_request(&[echo.as_bytes(), payload], &mut bytes);
                for piece in bytes.chunks(PIECE) {
                    // What became of it is seen in the replies.
                    if sender.write_all(piece).is_err() {
                        return;
                    }
                    progress.pieces.fetch_add(1, Ordering::Relaxed);
                }
            }
            progress.is_all.store(true, Ordering::Relaxed);
        };
        thread::Builder::new().spawn_scoped(scope, send)?;
        let outcome = then(a, &progress);
        // The sender must not wait for a server that does not read.
        let _ = a.stream().shutdown(Shutdown::Both);
        Ok(outcome)
    })
}

/// Waits until the server sleeps, and takes no more of what is sent.
fn until_it_stands_still(
    running: &Running<'_>,
    sent: &AtomicUsize,
    can_send: impl Fn() -> bool,
) {
    let mut vigil = running.vigil().allowing(SLOW);
    let mut before = 0;
    while vigil.slept() < FULL && vigil.is_over().is_none() {
        let now = sent.load(Ordering::Relaxed);
        if now == 0 || now != before || can_send() {
            before = now;
            vigil.wake();
        }
        thread::sleep(STEP);
    }
}

fn has_room(stream: &TcpStream) -> bool {
    let mut polled = [PollFd::new(stream, PollFlags::OUT)];
    let now = Timespec::default();
    poll(&mut polled, Some(&now)).is_ok_and(|ready| ready > 0)
}
