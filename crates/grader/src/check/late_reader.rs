//! A client that sends much, and reads its replies late.

use std::{
    io::Write,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use proto::{Reply, encode_request};

use crate::{
    early_end::{FailureText, Outcome},
    nonce::nonce,
    running::Running,
    workbench::Workbench,
};

const REQUESTS: usize = 16;
const MEBIBYTE: usize = 1024 * 1024;
const PIECE: usize = 64 * 1024;
/// At how many glances in a row the server has to sleep: it can write no more.
const FULL: u32 = 2;
/// How much longer a slow machine may take to come to that.
const SLOW: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(5);

pub(super) fn run(workbench: &Workbench<'_>) -> Outcome {
    let echo = workbench.echo();
    let failure_text = FailureText::new(
        format!(
            "A sent {REQUESTS} {echo} of 1 MiB each, and read nothing until \
             the server stopped sending"
        ),
        "each reply comes whole, in order",
        "a reply that does not fit into the socket at once is cut off",
        &[
            "one send for each reply: it may send only a part",
            "a socket that does not block, and EAGAIN taken for an error",
            "a timeout while a reply is written",
            "a request of 1 MiB that one read does not return whole (see framing)",
        ],
    );
    let payloads: Vec<Vec<u8>> = (0..REQUESTS).map(|_| payload()).collect();
    workbench.with_server(|running| {
        let mut a = running.test_client(&failure_text, "A")?;
        let sender = a.stream().try_clone();
        let mut sender =
            sender.map_err(|error| failure_text.silent(error.to_string()))?;
        let sent = AtomicUsize::new(0);
        thread::scope(|scope| {
            let send = || {
                for payload in &payloads {
                    let mut bytes = Vec::new();
                    encode_request(&[echo.as_bytes(), payload], &mut bytes);
                    for piece in bytes.chunks(PIECE) {
                        // Whoever reads the replies sees what became of it.
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
            for (number, payload) in payloads.iter().enumerate() {
                let reply = a.expect(&Reply::Bulk(payload.clone()));
                if let Err(trouble) = reply {
                    // The sender must not wait for a server that does not read.
                    let _ = a.stream().shutdown(std::net::Shutdown::Both);
                    let what = format!("request {} of {REQUESTS}", number + 1);
                    return Err(failure_text.trouble(&what, &trouble));
                }
            }
            Ok(format!("{REQUESTS} MiB, read late, all correct"))
        })
    })
}

/// Waits until the server sleeps, and takes no more of what is sent.
pub(super) fn until_it_stands_still(running: &Running<'_>, sent: &AtomicUsize) {
    let mut vigil = running.vigil().allowing(SLOW);
    let mut before = 0;
    while vigil.slept() < FULL && vigil.is_over().is_none() {
        let now = sent.load(Ordering::Relaxed);
        if now == 0 || now != before {
            before = now;
            vigil.wake();
        }
        thread::sleep(STEP);
    }
}

/// A mebibyte that no other request has.
fn payload() -> Vec<u8> {
    nonce().bytes().cycle().take(MEBIBYTE).collect()
}
