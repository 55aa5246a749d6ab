//! Behaviour 8 of `docs/reliability.md`: how many are served at once, and what the
//! machine allows.

use std::{fs, io::ErrorKind, net::TcpStream, process::Command, thread};

use crate::signals::processes;
use crate::talking::{BOTH, HUNG, THREADED, ask, connect, pong, start_limited};
use launch::{Server, Stream};
use proto::Reply;
use rustix::process::{Pid, Signal, kill_process};

fn is_silent(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// The soft limit on open files of a process.
fn open_files_allowed(server: &Server) -> String {
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    line.split_whitespace().nth(3).unwrap().to_owned()
}

#[test]
fn past_the_limit_clients_wait_in_the_backlog_until_one_leaves() {
    let server = fixture::start(THREADED, &["--max-clients", "2"]);
    let mut served = [connect(&server), connect(&server)];
    for client in &mut served {
        assert_eq!(ask(client, "PING"), pong());
    }
    let mut third = connect(&server);
    third.send(b"PING\r\n").unwrap();
    for _ in 0..20 {
        for client in &mut served {
            assert_eq!(ask(client, "PING"), pong());
        }
        assert!(is_silent(third.stream()));
    }
    drop(served);
    assert_eq!(third.receive().unwrap(), pong());
}

#[test]
fn there_is_always_a_limit() {
    for name in BOTH {
        let refused = Command::new(fixture::program(name))
            .args(["--max-clients", "0"])
            .output()
            .unwrap();
        assert_eq!(refused.status.code(), Some(2), "{name}");
        let printed = String::from_utf8(refused.stderr).unwrap();
        let first = printed.lines().next();
        let expected = "error: invalid value '0' for '--max-clients <N>': \
                        expected a number of clients, 1 or more";
        assert_eq!(first, Some(expected), "{name}");
    }
}

#[test]
fn a_limit_that_the_machine_cannot_carry_is_lowered_and_said() {
    let server = start_limited(&["--nofile=100:100"], THREADED, &[]);
    let lowered = |line: &str| line.contains("--max-clients 1000 is lowered to 36");
    assert!(
        server
            .wait_for_line(Stream::Stderr, HUNG, lowered)
            .is_some()
    );
    // That many can be served at the same time, and the next one waits.
    let mut served: Vec<_> = (0..36).map(|_| connect(&server)).collect();
    for client in &mut served {
        assert_eq!(ask(client, "PING"), pong());
    }
    let mut next = connect(&server);
    next.send(b"PING\r\n").unwrap();
    // All of them may run a program; who finds no descriptors waits for another to end.
    for client in &mut served {
        client.send(b"RUN sleep 0.3\r\n").unwrap();
    }
    for client in &mut served {
        let Reply::Array(parts) = client.receive().unwrap() else {
            panic!("no program ran")
        };
        assert_eq!(parts[0], Reply::Integer(0));
    }
    assert!(is_silent(next.stream()));
    drop(served);
    assert_eq!(next.receive().unwrap(), pong());
}

#[test]
fn a_machine_without_room_for_one_client_is_one_line_and_no_server() {
    if !fixture::has("prlimit") {
        return;
    }
    for name in BOTH {
        for limit in [16, 20, 64] {
            let refused = Command::new("prlimit")
                .arg(format!("--nofile={limit}:{limit}"))
                .arg(fixture::program(name))
                .args(["--listen", "127.0.0.1:0"])
                .output()
                .unwrap();
            let error = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert_eq!(refused.status.code(), Some(1), "{name}: {error}");
            assert_eq!(error.lines().count(), 1, "{name}: {error}");
            let room = "limit on open files (ulimit -n) leaves no room for one client";
            assert!(error.contains(room), "{name}: {error}");
        }
        let server = start_limited(&["--nofile=65:65"], name, &[]);
        assert_eq!(ask(&mut connect(&server), "PING"), pong(), "{name}");
    }
}

#[test]
fn programs_that_run_take_the_room_of_clients_that_come() {
    let server = start_limited(&["--nofile=100:100"], THREADED, &[]);
    let word = format!("4000.{}", std::process::id());
    let mut busy: Vec<_> = (0..11).map(|_| connect(&server)).collect();
    for client in &mut busy {
        client
            .send(format!("RUN sleep {word}\r\n").as_bytes())
            .unwrap();
    }
    while processes(&word).len() < busy.len() {
        thread::yield_now();
    }
    // 36 descriptors: 11 clients with a program of two pipes each, and three more
    // clients.
    let mut served: Vec<_> = (0..3).map(|_| connect(&server)).collect();
    for client in &mut served {
        assert_eq!(ask(client, "PING"), pong());
    }
    let mut next = connect(&server);
    next.send(b"PING\r\n").unwrap();
    for _ in 0..20 {
        assert_eq!(ask(&mut served[0], "PING"), pong());
        assert!(is_silent(next.stream()));
    }
    let pid = processes(&word).pop().unwrap();
    let pid = pid.trim_start_matches("/proc/").split(' ').next().unwrap();
    let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(next.receive().unwrap(), pong());
}

#[test]
fn the_soft_limit_on_descriptors_is_raised_to_the_hard_one() {
    for name in BOTH {
        let server = start_limited(&["--nofile=200:1500"], name, &[]);
        assert_eq!(open_files_allowed(&server), "1500", "{name}");
    }
}

#[test]
fn the_backlog_holds_a_burst() {
    if !fixture::has("ss") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &[]);
        let port = format!("sport = :{}", server.address().port());
        let sockets = Command::new("ss").args(["-Hltn", &port]).output().unwrap();
        let sockets = String::from_utf8(sockets.stdout).unwrap();
        let backlog = sockets.split_whitespace().nth(2).unwrap();
        let most = fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
        let most: u32 = most.trim().parse().unwrap();
        assert_eq!(backlog, most.min(4_096).to_string(), "{name}");
    }
}
