//! Behaviour 10 of `docs/reliability.md`: a thread that the system refuses costs one
//! client its service, and the server nothing.

use std::fs;

use crate::talking::{HUNG, THREADED, ask, connect, pong};
use launch::{Server, Stream};
use proto::Reply;
use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// Limits the address space of the server to `bytes` more than it has: the stack of a
/// thread takes 2 MiB. (A limit on processes does not bind root.)
pub(crate) fn limit_address_space(server: &Server, more: u64) {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmSize:"))
        .unwrap();
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    let limits = Rlimit {
        current: Some(kib * 1024 + more),
        maximum: None,
    };
    let pid = Pid::from_raw(server.pid().try_into().unwrap());
    prlimit(pid, Resource::As, limits).unwrap();
}

#[test]
fn a_client_without_a_thread_is_told_so_and_the_others_are_served() {
    let mut server = fixture::start(THREADED, &["--quiet"]);
    let mut bystander = connect(&server);
    assert_eq!(ask(&mut bystander, "PING"), pong());
    limit_address_space(&server, 8 * 1024 * 1024);

    let out_of_threads = Reply::error("ERR server out of threads");
    let mut served = Vec::new();
    let mut refused = 0;
    while refused < 5 {
        let mut client = connect(&server);
        // Who is refused may be closed before it has asked.
        let _ = client.send(b"PING\r\n");
        match client.receive().unwrap() {
            reply if reply == out_of_threads => {
                refused += 1;
                assert!(client.receive().is_err(), "a refused client is closed");
            }
            reply => {
                assert_eq!(reply, pong());
                served.push(client);
            }
        }
        assert_eq!(ask(&mut bystander, "PING"), pong());
        assert!(served.len() < 100, "nobody is refused");
    }
    for client in &mut served {
        assert_eq!(ask(client, "PING"), pong());
    }

    limit_address_space(&server, 1 << 33);
    assert_eq!(ask(&mut connect(&server), "PING"), pong());
    assert!(server.stop(HUNG).unwrap().success());
    let warnings = server.lines(Stream::Stderr);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let summary = server.lines(Stream::Stdout).pop().unwrap();
    assert!(summary.contains("5 without a thread"), "{summary}");
}
