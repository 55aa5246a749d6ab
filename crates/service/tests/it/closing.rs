//! Behaviour 12 of `docs/reliability.md`: the last reply arrives although the client has
//! sent more than was read.

use std::io::{Read, Write};

use crate::talking::{BOTH, THREADED, raw, read_to_the_end};

#[test]
fn an_error_arrives_even_when_unread_input_remains() {
    // More than the server reads before it finds the error, less than it drains.
    let unread = "x".repeat(500_000);
    let protocol_error = "-ERR Protocol error: invalid multibulk length\r\n";
    for name in BOTH {
        let server = fixture::start(name, &["--quiet"]);
        for (bytes, reply) in [("*x\r\n", protocol_error), ("QUIT\r\n", "+OK\r\n")] {
            for _ in 0..25 {
                let mut client = raw(&server);
                client
                    .write_all(format!("{bytes}{unread}").as_bytes())
                    .unwrap();
                let answer = read_to_the_end(&mut client);
                assert_eq!(answer, (reply.to_owned(), true), "{name}");
            }
        }
    }
}

#[test]
fn a_client_that_goes_on_sending_is_read_on_for_a_moment() {
    for name in BOTH {
        let server = fixture::start(name, &["--quiet"]);
        // A connection that is closed answers the first bytes by a reset, and the next
        // cannot be written. One round is enough: the moment may have passed on a machine
        // that stalls.
        let reads_on = |_| {
            let mut client = raw(&server);
            client.write_all(b"QUIT\r\n").unwrap();
            client.read_exact(&mut [0; 5]).unwrap();
            (0..50).all(|_| client.write_all(&[b'x'; 1024]).is_ok())
        };
        assert!((0..10).any(reads_on), "{name}");
    }
}

#[test]
fn a_client_that_never_stops_sending_is_not_listened_to_for_ever() {
    let server = fixture::start(THREADED, &["--max-clients", "1"]);
    let mut sender = raw(&server);
    sender.write_all(b"*x\r\n").unwrap();
    let chunk = [b'x'; 64 * 1024];
    let sent = (0..10_000)
        .take_while(|_| sender.write_all(&chunk).is_ok())
        .count();
    assert!(sent < 10_000, "640 MB were taken after the error");
}
