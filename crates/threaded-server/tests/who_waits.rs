//! Who waits: the one test in which the two servers differ.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use client::Connection;
use proto::Reply;

const NAME: &str = env!("CARGO_PKG_NAME");
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_client_is_served_while_the_one_before_still_is() {
    let server = fixture::start(NAME, &[]);
    let address = server.address().to_string();
    let mut first = Connection::open(&address, PATIENCE).unwrap();
    assert_eq!(
        first.request(&["PING"]).unwrap(),
        Reply::Simple(b"PONG".to_vec())
    );

    let mut second = Connection::open(&address, PATIENCE).unwrap();
    // The first stays connected, and holds nobody up.
    for _ in 0..20 {
        assert_eq!(
            second.request(&["PING"]).unwrap(),
            Reply::Simple(b"PONG".to_vec())
        );
        first.request(&["PING"]).unwrap();
    }
    drop(first);
    assert_eq!(
        second.request(&["PING"]).unwrap(),
        Reply::Simple(b"PONG".to_vec())
    );
}

#[test]
fn two_clients_meet() {
    let server = fixture::start(NAME, &["--meet-timeout", "1m", "--quiet"]);
    let address = server.address().to_string();
    let mut clients = [(); 2].map(|()| Connection::open(&address, PATIENCE).unwrap());
    for client in &mut clients {
        client.send(b"MEET 2\r\nQUIT\r\n").unwrap();
    }
    for client in &mut clients {
        assert_eq!(client.receive().unwrap(), Reply::Simple(b"MET".to_vec()));
    }
}
