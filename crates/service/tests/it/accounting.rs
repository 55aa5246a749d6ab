//! Behaviour 18 of `docs/reliability.md`: the figures of the summary add up, whatever the
//! clients did.

use std::{
    io::{Read, Write},
    net::Shutdown,
};

use crate::talking::{BOTH, HUNG, THREADED, ask, connect, pong, raw, read_to_the_end};
use launch::{Server, Stream};

/// The numbers of the summary's line, in its order.
fn numbers(server: &Server) -> Vec<u64> {
    let summary = server.lines(Stream::Stdout).pop().unwrap();
    assert!(summary.starts_with("stopped: "), "{summary}");
    summary
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .collect()
}

#[test]
fn every_connection_and_every_request_is_counted_once() {
    for name in BOTH {
        let mut server = fixture::start(name, &["--quiet"]);
        // 5 requests on one connection, of which one is an error and one is unknown.
        let mut client = raw(&server);
        client
            .write_all(b"PING\r\nNOPE\r\nSLEEP x\r\nTIMED PING\r\nQUIT\r\nPING\r\n")
            .unwrap();
        read_to_the_end(&mut client);
        // 2 answered, then a broken frame, which is no request.
        let mut broken = raw(&server);
        broken.write_all(b"PING\r\nPING\r\n*x\r\n").unwrap();
        read_to_the_end(&mut broken);
        // Nothing asked, and half a request.
        for bytes in ["", "ECHO \"half"] {
            let mut leaver = raw(&server);
            leaver.write_all(bytes.as_bytes()).unwrap();
            leaver.shutdown(Shutdown::Write).unwrap();
            read_to_the_end(&mut leaver);
        }
        assert!(server.stop(HUNG).unwrap().success());
        assert_eq!(numbers(&server), [4, 4, 0, 7, 7, 0], "{name}");
    }
}

#[test]
fn replies_that_are_dropped_are_counted_as_aborted() {
    for name in BOTH {
        let mut server = fixture::start(name, &["--quiet"]);
        let mut page = raw(&server);
        page.write_all(b"INCR a\r\nINCR a\r\nHost: localhost\r\n")
            .unwrap();
        assert_eq!(read_to_the_end(&mut page).0, "");
        assert!(server.stop(HUNG).unwrap().success());
        assert_eq!(numbers(&server), [1, 1, 0, 2, 0, 2], "{name}");
    }
}

#[test]
fn the_figures_add_up_after_a_stop_in_the_middle_of_everything() {
    let mut server = fixture::start(THREADED, &["--quiet", "--grace", "100ms"]);
    let mut idle = connect(&server);
    assert_eq!(ask(&mut idle, "PING"), pong());
    let mut sleepers: Vec<_> = (0..5)
        .map(|_| {
            let mut sleeper = raw(&server);
            sleeper.write_all(b"PING\r\nSLEEP 60\r\nPING\r\n").unwrap();
            sleeper.read_exact(&mut [0; 7]).unwrap();
            sleeper
        })
        .collect();
    assert!(server.stop(HUNG).unwrap().success());
    for sleeper in &mut sleepers {
        assert_eq!(read_to_the_end(sleeper).0, "-ERR server is stopping\r\n");
    }
    assert_eq!(numbers(&server), [6, 6, 0, 11, 6, 5]);
}
