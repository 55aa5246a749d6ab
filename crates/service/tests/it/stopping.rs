//! Behaviour 14 of `docs/reliability.md`: a stop in order, at every moment of a client.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::ExitStatus,
    thread,
    time::Duration,
};

use crate::talking::{BOTH, HUNG, THREADED, ask, connect, pong, raw, read_to_the_end};
use client::Connection;
use launch::{Server, Stream};
use proto::Reply;

pub(crate) fn terminate(server: &mut Server) -> ExitStatus {
    server.terminate();
    server.wait(HUNG).unwrap()
}

fn summary(server: &Server) -> String {
    server.lines(Stream::Stdout).pop().unwrap()
}

/// Asks until nobody takes a connection any more, or takes one only to end it unanswered.
pub(crate) fn wait_until_refused(server: &Server) {
    loop {
        let Ok(mut late) = TcpStream::connect(server.address()) else {
            return;
        };
        late.set_read_timeout(Some(HUNG)).unwrap();
        let _ = late.write_all(b"PING\r\n");
        match late.read(&mut [0; 7]) {
            Ok(0) => return,
            Ok(_) => thread::yield_now(),
            Err(error) => {
                assert_ne!(
                    error.kind(),
                    ErrorKind::WouldBlock,
                    "it neither serves nor closes"
                );
                return;
            }
        }
    }
}

#[test]
fn a_server_without_clients_ends_with_its_summary() {
    for name in BOTH {
        for interrupt in [false, true] {
            let mut server = fixture::start(name, &[]);
            if interrupt {
                server.interrupt();
            } else {
                server.terminate();
            }
            assert_eq!(server.wait(HUNG).unwrap().code(), Some(0), "{name}");
            let nothing = "stopped: 0 connections accepted = 0 closed + 0 open; \
                           0 requests = 0 answered + 0 aborted";
            assert_eq!(summary(&server), nothing, "{name}");
        }
    }
}

#[test]
fn idle_clients_and_half_requests_end_at_once() {
    for name in BOTH {
        let mut server = fixture::start(name, &["--grace", "1h"]);
        let mut half = raw(&server);
        half.write_all(b"PING\r\nECHO \"half").unwrap();
        half.read_exact(&mut [0; 7]).unwrap();
        assert_eq!(terminate(&mut server).code(), Some(0), "{name}");
        assert_eq!(read_to_the_end(&mut half).0, "", "{name}");
    }
}

#[test]
fn what_has_arrived_is_done_and_answered_and_new_clients_are_refused() {
    let mut server = fixture::start(THREADED, &[]);
    let mut busy = raw(&server);
    busy.write_all(b"PING\r\nSLEEP 1s\r\nPING\r\nINCR arrived\r\n")
        .unwrap();
    busy.read_exact(&mut [0; 7]).unwrap();
    server.terminate();
    wait_until_refused(&server);
    assert_eq!(read_to_the_end(&mut busy).0, "+OK\r\n+PONG\r\n:1\r\n");
    assert_eq!(server.wait(HUNG).unwrap().code(), Some(0));
    assert!(
        summary(&server).contains(" + 0 aborted"),
        "{}",
        summary(&server)
    );
}

#[test]
fn those_in_the_backlog_are_reset() {
    let mut server = fixture::start("single-server", &[]);
    let mut busy = raw(&server);
    busy.write_all(b"PING\r\nSLEEP 500ms\r\n").unwrap();
    busy.read_exact(&mut [0; 7]).unwrap();
    let mut waiting = raw(&server);
    waiting.write_all(b"PING\r\n").unwrap();
    server.terminate();
    assert_eq!(read_to_the_end(&mut waiting), (String::new(), false));
    assert_eq!(read_to_the_end(&mut busy).0, "+OK\r\n");
    assert_eq!(server.wait(HUNG).unwrap().code(), Some(0));
}

#[test]
fn what_outlasts_the_grace_is_cut_answered_and_counted_as_aborted() {
    for request in [
        "SLEEP 60",
        "PRIMES 10000000",
        "MEET 2",
        "RUN sleep 1000",
        "TIMED SLEEP 60",
    ] {
        let flags = ["--grace", "100ms", "--meet-timeout", "1h"];
        let mut server = fixture::start(THREADED, &flags);
        let mut client = raw(&server);
        client
            .write_all(format!("PING\r\n{request}\r\nPING\r\n").as_bytes())
            .unwrap();
        client.read_exact(&mut [0; 7]).unwrap();
        assert_eq!(terminate(&mut server).code(), Some(0), "{request}");
        let (answer, _) = read_to_the_end(&mut client);
        assert!(
            answer.ends_with("-ERR server is stopping\r\n"),
            "{request}: {answer}"
        );
        let printed = summary(&server);
        assert!(
            printed.ends_with("2 requests = 1 answered + 1 aborted"),
            "{request}: {printed}"
        );
    }
}

#[test]
fn a_client_that_does_not_read_does_not_hold_up_the_end() {
    let mut server = fixture::start(THREADED, &["--grace", "100ms", "--quiet"]);
    let mut deaf = raw(&server);
    let mut request = Vec::new();
    proto::encode_request(&[b"ECHO".to_vec(), vec![b'x'; 1024 * 1024]], &mut request);
    deaf.set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    while deaf.write_all(&request).is_ok() {}
    assert_eq!(terminate(&mut server).code(), Some(0));
}

#[test]
fn a_stop_at_any_moment_of_a_busy_server_answers_or_ends_every_connection() {
    for round in 0..10 {
        let mut server = fixture::start(THREADED, &["--quiet"]);
        let answered: u64 = thread::scope(|scope| {
            let client = |mut connection: Connection| {
                let mut answered = 1;
                while connection
                    .request(&["PING"])
                    .is_ok_and(|reply| reply == pong())
                {
                    answered += 1;
                }
                answered
            };
            let spawn = |_| {
                let mut connection = connect(&server);
                assert_eq!(ask(&mut connection, "PING"), pong());
                let client = move || client(connection);
                thread::Builder::new().spawn_scoped(scope, client).unwrap()
            };
            let clients: Vec<_> = (0..8).map(spawn).collect();
            let mut first = connect(&server);
            for _ in 0..=round * 20 {
                assert_eq!(ask(&mut first, "PING"), pong());
            }
            server.terminate();
            let answered = clients.into_iter().map(|client| client.join().unwrap());
            answered.sum::<u64>() + round * 20 + 1
        });
        assert_eq!(server.wait(HUNG).unwrap().code(), Some(0));
        let printed = summary(&server);
        let parts = format!("{answered} answered + 0 aborted");
        assert!(
            printed.ends_with(&parts),
            "{printed}; clients got {answered}"
        );
        assert!(
            printed.contains("accepted = 9 closed + 0 open"),
            "{printed}"
        );
    }
}

#[test]
fn a_request_that_may_hold_a_thread_is_ended_in_the_single_server_too() {
    let mut server = fixture::start("single-server", &["--grace", "100ms"]);
    let mut client = connect(&server);
    client.send(b"PING\r\nSLEEP 60\r\n").unwrap();
    assert_eq!(client.receive().unwrap(), pong());
    assert_eq!(terminate(&mut server).code(), Some(0));
    assert_eq!(
        client.receive().unwrap(),
        Reply::error("ERR server is stopping")
    );
}
