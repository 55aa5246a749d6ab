//! Who waits: the one test in which the two servers differ.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use client::Connection;
use proto::Reply;

const NAME: &str = env!("CARGO_PKG_NAME");
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_client_waits_until_the_one_before_has_left() {
    let server = fixture::start(NAME, &[]);
    let address = server.address().to_string();
    let mut first = Connection::open(&address, PATIENCE).unwrap();
    assert_eq!(
        first.request(&["PING"]).unwrap(),
        Reply::Simple(b"PONG".to_vec())
    );

    let mut second = Connection::open(&address, PATIENCE).unwrap();
    second.send(b"PING\r\n").unwrap();
    // The first is idle between its requests, and is still the one who is served.
    for _ in 0..20 {
        first.request(&["PING"]).unwrap();
        second.stream().set_nonblocking(true).unwrap();
        let early = second.stream().peek(&mut [0]).unwrap_err();
        assert_eq!(early.kind(), std::io::ErrorKind::WouldBlock);
        second.stream().set_nonblocking(false).unwrap();
    }
    drop(first);
    assert_eq!(second.receive().unwrap(), Reply::Simple(b"PONG".to_vec()));
}

#[test]
fn two_clients_never_meet() {
    let server = fixture::start(NAME, &["--meet-timeout", "50ms", "--quiet"]);
    let address = server.address().to_string();
    let mut clients = [(); 2].map(|()| Connection::open(&address, PATIENCE).unwrap());
    for client in &mut clients {
        client.send(b"MEET 2\r\nQUIT\r\n").unwrap();
    }
    for client in &mut clients {
        let alone = Reply::error("TIMEOUT only 1 of 2 clients met");
        assert_eq!(client.receive().unwrap(), alone);
    }
}
