//! Replies are collected while requests are at hand, and never held back by a request
//! that holds its thread.

use std::io::{Read, Write};

use crate::talking::{BOTH, HUNG, THREADED, ask, connect, pong, raw};

#[test]
fn what_is_ready_is_sent_before_a_request_that_holds_its_thread() {
    for name in BOTH {
        for holding in [
            "SLEEP 1h",
            "PRIMES 10000000",
            "MEET 2",
            "RUN sleep 3600",
            "TIMED SLEEP 1h",
        ] {
            let flags = [
                "--max-sleep",
                "1h",
                "--meet-timeout",
                "1h",
                "--run-timeout",
                "1h",
                "--grace",
                "0",
            ];
            let mut server = fixture::start(name, &flags);
            let mut client = raw(&server);
            client
                .write_all(format!("PING\r\nPING\r\n{holding}\r\n").as_bytes())
                .unwrap();
            let mut ready = [0; 14];
            client.read_exact(&mut ready).unwrap();
            assert_eq!(&ready, b"+PONG\r\n+PONG\r\n", "{name}: {holding}");
            server.stop(HUNG).unwrap(); // in order, so that it ends what it runs
        }
    }
}

#[test]
fn replies_to_a_long_pipeline_are_sent_while_it_is_still_coming_in() {
    let server = fixture::start(THREADED, &["--quiet"]);
    let mut client = connect(&server);
    for _ in 0..100 {
        // The last request of each part is cut: its reply can come with the next part
        // alone.
        client.send(b"\r\nPING\r\nPING\r\nPING").unwrap();
        assert_eq!(client.receive().unwrap(), pong());
        assert_eq!(client.receive().unwrap(), pong());
        client.send(b"\r\n").unwrap();
        assert_eq!(client.receive().unwrap(), pong());
    }
    assert_eq!(ask(&mut client, "PING"), pong());
}
