//! Behaviour 5 of `docs/reliability.md`: the limits of the protocol, and clients that
//! break them beside one that does not.

use std::io::{Read, Write};

use crate::talking::{
    BOTH, THREADED, ask, connect, pong, raw, read_to_the_end, start_limited,
};
use proto::limits;

#[test]
fn a_protocol_error_is_answered_after_all_earlier_replies_and_ends_the_connection() {
    let too_long = "7".repeat(limits::LINE + 1);
    let table = [
        (too_long.clone(), "too big inline request"),
        (format!("*{too_long}"), "too big mbulk count string"),
        (format!("*1\r\n${too_long}"), "too big bulk count string"),
        ("*1025\r\n".into(), "invalid multibulk length"),
        ("*1\r\n$1048577\r\n".into(), "invalid bulk length"),
        ("*1\r\n:1\r\n".into(), "expected '$', got ':'"),
        ("ECHO \"a\r\n".into(), "unbalanced quotes in request"),
    ];
    for name in BOTH {
        let server = fixture::start(name, &["--quiet"]);
        for (bytes, error) in &table {
            let mut client = raw(&server);
            // Nothing after the error runs.
            let all = format!("PING\r\n{bytes}PING\r\n");
            client.write_all(all.as_bytes()).unwrap();
            let answer = read_to_the_end(&mut client);
            let expected = format!("+PONG\r\n-ERR Protocol error: {error}\r\n");
            assert_eq!(answer, (expected, true), "{name}: {bytes:.40}");
        }
    }
}

#[test]
fn the_largest_argument_is_served() {
    let server = fixture::start(THREADED, &["--quiet"]);
    let largest = vec![b'x'; limits::ARGUMENT];
    let request = [b"ECHO".to_vec(), largest.clone()];
    let reply = connect(&server).request(&request).unwrap();
    assert!(reply == proto::Reply::Bulk(largest));
}

#[test]
fn clients_that_announce_much_and_send_little_harm_nobody() {
    // 50 requests of 1 GiB each are begun at a server that has 8 GiB of address space.
    let limit = "--as=8589934592";
    let server = start_limited(&[limit], THREADED, &["--quiet"]);
    let mut bystander = connect(&server);
    let announcers: Vec<_> = (0..50)
        .map(|_| {
            let mut announcer = raw(&server);
            announcer
                .write_all(b"PING\r\n*1024\r\n$1048576\r\nx")
                .unwrap();
            announcer
        })
        .collect();
    for mut announcer in announcers {
        announcer.read_exact(&mut [0; 7]).unwrap();
        assert_eq!(ask(&mut bystander, "PING"), pong());
    }
}
