//! Behaviour 7 of `docs/reliability.md`: a client that leaves in whatever way is a normal
//! end, and harms nobody.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use crate::talking::{
    BOTH, HUNG, THREADED, ask, ask_alone, connect, pong, raw, read_to_the_end,
};
use launch::Stream;
use proto::Reply;
use rustix::net::sockopt;

/// Ends a connection by a reset instead of a close.
fn reset(stream: TcpStream) {
    sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).unwrap();
}

#[test]
fn whoever_leaves_in_the_middle_is_not_missed() {
    let flood = "ECHO x\r\n".repeat(20_000);
    let moments: [&[u8]; 8] = [
        b"",
        b"*",
        b"*2\r\n$4\r\nECHO\r\n$100\r\nabc",
        b"PING\r\n",
        b"PING\r\nECHO \"half",
        b"SLEEP 50ms\r\nPING\r\n",
        b"RUN sleep 0.05\r\n",
        flood.as_bytes(),
    ];
    for name in BOTH {
        let mut server = fixture::start(name, &["--quiet"]);
        for bytes in moments {
            let mut leaver = raw(&server);
            leaver.write_all(bytes).unwrap();
            drop(leaver);
            let mut resetter = raw(&server);
            resetter.write_all(bytes).unwrap();
            reset(resetter);
        }
        assert_eq!(ask_alone(&server, "PING"), pong(), "{name}");
        assert!(server.stop(HUNG).unwrap().success(), "{name}");
        assert_eq!(
            server.lines(Stream::Stderr),
            [""; 0],
            "{name}: nothing to warn of"
        );
    }
}

#[test]
fn a_reset_ends_what_the_client_waited_for() {
    for request in [
        "SLEEP 1h",
        "TIMED SLEEP 1h",
        "MEET 2",
        "RUN sleep 3600",
        "PRIMES 10000000",
    ] {
        let flags = "--max-sleep 1h --run-timeout 1h --meet-timeout 1h --max-clients 1";
        let flags: Vec<&str> = flags.split(' ').collect();
        for name in BOTH {
            let mut server = fixture::start(name, &flags);
            let mut gone = raw(&server);
            gone.write_all(format!("PING\r\n{request}\r\n").as_bytes())
                .unwrap();
            gone.read_exact(&mut [0; 7]).unwrap();
            reset(gone);
            assert_eq!(ask_alone(&server, "PING"), pong(), "{name}: {request}");
            assert!(server.stop(HUNG).unwrap().success(), "{name}");
            let mut lines = server.lines(Stream::Stdout);
            let printed = lines.pop().unwrap();
            assert!(
                printed.ends_with("2 answered + 1 aborted"),
                "{name}: {printed}"
            );
            let replied = format!("{request} -> ");
            let gone = format!("{replied}ERR the client did not wait");
            let is_done =
                |line: &String| line.contains(&replied) && !line.contains(&gone);
            assert!(!lines.iter().any(is_done), "{name}: {lines:#?}");
        }
    }
}

#[test]
fn a_client_that_is_gone_is_not_met() {
    let server =
        fixture::start(THREADED, &["--meet-timeout", "1h", "--max-clients", "2"]);
    let mut gone = raw(&server);
    gone.write_all(b"PING\r\nMEET 2\r\n").unwrap();
    gone.read_exact(&mut [0; 7]).unwrap();
    let mut one = connect(&server);
    assert_eq!(ask(&mut one, "PING"), pong());
    reset(gone);
    // It has lost its place, and so it has left the meeting.
    let mut other = connect(&server);
    assert_eq!(ask(&mut other, "PING"), pong());
    one.send(b"MEET 2\r\n").unwrap();
    let met = Reply::Simple(b"MET".to_vec());
    assert_eq!(ask(&mut other, "MEET 2"), met);
    assert_eq!(one.receive().unwrap(), met);
}

#[test]
fn a_half_close_still_gets_every_reply_and_then_the_end() {
    for name in BOTH {
        let server = fixture::start(name, &["--quiet"]);
        let mut client = raw(&server);
        let pings = "PING\r\n".repeat(1000);
        let requests = format!("SLEEP 50ms\r\n{pings}PING last\r\nECHO \"cut off");
        client.write_all(requests.as_bytes()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let expected = format!("+OK\r\n{}$4\r\nlast\r\n", "+PONG\r\n".repeat(1000));
        assert_eq!(read_to_the_end(&mut client), (expected, true), "{name}");
    }
}
