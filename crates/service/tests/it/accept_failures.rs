//! Behaviour 9 of `docs/reliability.md`: an accept that fails neither ends the loop nor
//! spins.

use std::{fs, thread, time::Duration};

use crate::talking::{BOTH, HUNG, THREADED, ask, connect, pong};
use launch::{Server, Stream};
use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// Leaves the server no descriptor for a new client (0), or enough (1000).
///
/// An accept that waits has its descriptor already, so that one more client may get in.
fn limit_descriptors(server: &Server, limit: u64) {
    let pid = Pid::from_raw(server.pid().try_into().unwrap());
    let limits = Rlimit {
        current: Some(limit),
        maximum: Some(1000),
    };
    prlimit(pid, Resource::Nofile, limits).unwrap();
}

/// Processor time used so far, in ticks of 10 ms.
fn ticks(server: &Server) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid())).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn out_of_descriptors_the_next_client_waits_and_is_served_when_there_are_some() {
    for name in BOTH {
        let server = fixture::start(name, &["--max-clients", "500"]);
        // Once it has answered, it has all the descriptors that it needs for itself.
        assert_eq!(ask(&mut connect(&server), "PING"), pong(), "{name}");
        limit_descriptors(&server, 0);
        let mut clients = [connect(&server), connect(&server)];
        for client in &mut clients {
            client.send(b"PING\r\nQUIT\r\n").unwrap();
        }
        let warned = |line: &str| line.contains("cannot accept a client");
        let warning = server.wait_for_line(Stream::Stderr, HUNG, warned);
        assert!(warning.is_some(), "{name}");
        limit_descriptors(&server, 1000);
        for client in &mut clients {
            assert_eq!(client.receive().unwrap(), pong(), "{name}");
        }
    }
}

#[test]
fn while_accept_fails_those_who_are_in_are_served_and_no_core_is_burnt() {
    let server = fixture::start(THREADED, &["--max-clients", "500"]);
    let mut inside = connect(&server);
    assert_eq!(ask(&mut inside, "PING"), pong());
    limit_descriptors(&server, 0);
    let _last = connect(&server);
    let mut outside = connect(&server);
    outside.send(b"PING\r\n").unwrap();
    let before = ticks(&server);
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(50));
        assert_eq!(ask(&mut inside, "PING"), pong());
    }
    // A loop without a pause would take some 100 ticks, and warn a million times.
    let burnt = ticks(&server) - before;
    assert!(burnt < 30, "{burnt} ticks of 10 ms");
    limit_descriptors(&server, 1000);
    assert_eq!(outside.receive().unwrap(), pong());
    let warnings = server.lines(Stream::Stderr);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}
