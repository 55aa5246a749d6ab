//! Clients that break off, talk nonsense or promise too much; then one that behaves.

use std::{
    thread,
    time::{Duration, Instant},
};

use proto::encode_request;

use crate::{
    halt::{Claim, Halt, Outcome},
    lab::{Lab, Running},
    peer::{Peer, Trouble},
};

/// What a rude client is called in the report, and what it does.
type Act = (&'static str, fn(&Running<'_>, &str) -> Result<(), Trouble>);

const ACTS: &[Act] = &[
    ("a reset in mid-reply", reset_in_mid_reply),
    ("half a frame", |running, _| {
        send(running, b"*2\r\n$4\r\nECHO\r\n$10\r\nhalf")
    }),
    ("garbage", |running, _| send(running, &garbage())),
    ("a request that is not UTF-8", |running, _| {
        send(running, b"\xff\xfe\x80 \xc3\x28\r\n")
    }),
    ("1 GiB announced", |running, _| {
        send(running, b"*2\r\n$4\r\nECHO\r\n$1073741824\r\nshort")
    }),
];

pub(super) fn run(lab: &Lab<'_>) -> Outcome {
    let running = lab.start()?;
    for (act, rude) in ACTS {
        // How the server parts with a rude client is its own affair.
        let _ = rude(&running, lab.echo());
        b_is_served(lab, &running, act)?;
    }
    b_is_served(lab, &running, "all of them")?;
    let acts: Vec<_> = ACTS.iter().map(|(act, _)| *act).collect();
    Ok(format!("B was served after {}", acts.join(", ")))
}

fn b_is_served(lab: &Lab<'_>, running: &Running<'_>, act: &str) -> Result<(), Halt> {
    let claim = Claim::new(
        format!("a client left {act}; then B sent {}", lab.echo()),
        "B is answered",
        "one client can end the service for all",
        "an unwrap on what a client sent; a lock poisoned by a panic; SIGPIPE; a loop at the end of input",
    );
    let mut b = running.peer(&claim, "B")?;
    let trip = b.round_trip(lab.echo());
    trip.map_err(|trouble| claim.trouble("B's request", &trouble))
}

/// A socket that is closed with unread bytes in it resets its connection.
fn reset_in_mid_reply(running: &Running<'_>, echo: &str) -> Result<(), Trouble> {
    let payload = vec![b'x'; 512 * 1024];
    let mut bytes = Vec::new();
    encode_request(&[echo.as_bytes(), &payload], &mut bytes);
    let mut peer = running.connect()?;
    peer.send_bytes(&bytes)?;
    peer.send(&[echo, "again"])?;
    wait_until(|| peer.has_something());
    Ok(())
}

/// Sends, half-closes, and waits for the server to close: then it has dealt with the client,
/// whose effect B is to meet.
fn send(running: &Running<'_>, bytes: &[u8]) -> Result<(), Trouble> {
    let mut peer: Peer = running.connect()?;
    peer.send_bytes(bytes)?;
    peer.finish_sending();
    loop {
        peer.reply()?;
    }
}

fn garbage() -> Vec<u8> {
    let mut bytes = b"*3\r\n$1\r\n*\r\n$x\r\n".to_vec();
    let mut state = 0x9e37_79b9_u32;
    bytes.extend((0..4096).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    }));
    bytes
}

fn wait_until(condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(5);
    while !condition() && Instant::now() < end {
        thread::sleep(Duration::from_millis(1));
    }
}
