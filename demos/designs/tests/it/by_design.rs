//! What an event loop does in its own way.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    mem,
    net::{Shutdown, TcpStream},
    time::Duration,
};

use launch::Server;
use proto::Reply;
use rustix::net::sockopt;

use crate::{
    subjects::EVENT,
    talking::{HUNG, ask, connect, pong, raw},
};

/// Whether bytes are there to be read, now.
pub(crate) fn has_something(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    match peeked {
        Ok(count) => count > 0,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            false
        }
    }
}

fn reset(stream: TcpStream) {
    sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).unwrap();
    drop(stream);
}

#[test]
fn silence_half_requests_and_sleepers_hold_nobody_up_in_the_loop() {
    let server = fixture::start(EVENT, &["--max-sleep", "1h", "--grace", "0"]);
    let _silent = raw(&server);
    let mut half = raw(&server);
    half.write_all(b"ECHO \"half").unwrap();
    let mut sleeper = raw(&server);
    sleeper.write_all(b"SLEEP 1h\r\n").unwrap();
    let mut bystander = connect(&server);
    for _ in 0..100 {
        assert_eq!(ask(&mut bystander, "PING"), pong());
    }
    assert!(!has_something(&sleeper));
}

#[test]
fn a_request_that_computes_holds_everybody_up_in_the_loop() {
    let server = fixture::start(EVENT, &[]);
    let mut bystander = connect(&server);
    assert_eq!(ask(&mut bystander, "PING"), pong());
    let mut computing = raw(&server);
    computing.write_all(b"PING\r\nPRIMES 300000\r\n").unwrap();
    computing.read_exact(&mut [0; 7]).unwrap();
    // The loop counts by now, or is about to; it looks at nobody before it has answered.
    assert_eq!(ask(&mut bystander, "PING"), pong());
    assert!(has_something(&computing));
}

#[test]
fn programs_run_beside_the_loop() {
    let flags = ["--run-timeout", "1h", "--grace", "0"];
    let mut server = fixture::start(EVENT, &flags);
    let mut waiting = raw(&server);
    waiting.write_all(b"PING\r\nRUN sleep 3600\r\n").unwrap();
    waiting.read_exact(&mut [0; 7]).unwrap();
    let mut bystander = connect(&server);
    assert_eq!(ask(&mut bystander, "PING"), pong());
    let answer = ask(&mut bystander, "RUN echo hi");
    let parts = vec![Reply::Integer(0), Reply::text("hi\n"), Reply::text("")];
    assert_eq!(answer, Reply::Array(parts));
    assert!(server.stop(HUNG).unwrap().success());
}

#[test]
fn a_client_that_resets_while_it_waits_gives_its_place_back() {
    let flags = [
        "--max-clients",
        "1",
        "--max-sleep",
        "1h",
        "--meet-timeout",
        "1h",
    ];
    let server = fixture::start(EVENT, &flags);
    for waiting in ["SLEEP 1h", "MEET 2", "MEET 3"] {
        let mut client = raw(&server);
        let request = format!("PING\r\n{waiting}\r\n");
        client.write_all(request.as_bytes()).unwrap();
        client.read_exact(&mut [0; 7]).unwrap();
        reset(client);
    }
    assert_eq!(ask(&mut connect(&server), "PING"), pong());
}

#[test]
fn a_client_that_has_left_a_meeting_is_not_counted() {
    let flags = ["--meet-timeout", "2s", "--max-clients", "2"];
    let server = fixture::start(EVENT, &flags);
    let mut leaves = raw(&server);
    leaves.write_all(b"PING\r\nMEET 2\r\n").unwrap();
    leaves.read_exact(&mut [0; 7]).unwrap();
    reset(leaves);
    // Both places are taken now; the second only if the first client has lost its own.
    let mut others = [connect(&server), connect(&server)];
    others[0].send(b"MEET 3\r\n").unwrap();
    others[1].send(b"MEET 3\r\n").unwrap();
    for other in &mut others {
        let reply = Reply::error("TIMEOUT only 2 of 3 clients met");
        assert_eq!(other.receive().unwrap(), reply);
    }
}

/// Processor time of the server so far, in hundredths of a second.
fn ticks(server: &Server) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid())).unwrap();
    let after_name = stat.rsplit(") ").next().unwrap();
    let fields: Vec<&str> = after_name.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn a_client_that_is_ready_for_nothing_burns_no_processor_time() {
    let server = fixture::start(EVENT, &["--quiet"]);
    let mut deaf = raw(&server);
    deaf.set_nonblocking(true).unwrap();
    while deaf.write(&b"PING\r\n".repeat(1_000)).is_ok() {}
    // What it sent is being answered, until no more fits: the loop gives it a turn
    // between two requests of another client as long as there is something to do.
    let mut other = connect(&server);
    let mut before = ticks(&server);
    loop {
        for _ in 0..200 {
            assert_eq!(ask(&mut other, "PING"), pong());
        }
        let now = ticks(&server);
        if now - mem::replace(&mut before, now) < 5 {
            break;
        }
    }
    // Its end is there to be read all the time that it sleeps; so is what it asks for
    // next.
    let mut half_closed = raw(&server);
    half_closed.write_all(b"SLEEP 1s\r\nPING\r\n").unwrap();
    half_closed.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    half_closed.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "+OK\r\n+PONG\r\n");
    let burnt = ticks(&server) - before;
    assert!(burnt < 50, "{burnt} hundredths of a second");
}

/// Processor time of the server for many lines of a client, each sent by itself.
fn ticks_for(server: &Server, client: &mut TcpStream, line: &[u8], lines: usize) -> u64 {
    client.set_nodelay(true).unwrap();
    let before = ticks(server);
    for _ in 0..lines {
        client.write_all(line).unwrap();
        if line != b"\n" {
            client.read_exact(&mut [0; 7]).unwrap();
        }
    }
    client.write_all(b"PING\r\n").unwrap();
    client.read_exact(&mut [0; 7]).unwrap(); // all of it was read
    ticks(server) - before
}

#[test]
fn events_that_ask_nothing_cost_no_more_than_requests() {
    let server = fixture::start(EVENT, &["--quiet"]);
    let asking = ticks_for(&server, &mut raw(&server), b"PING\r\n", 5_000);
    let mut toggles = raw(&server);
    let toggling = ticks_for(&server, &mut toggles, b"\n", 5_000);
    assert!(toggling <= 2 * asking + 20, "{toggling} beside {asking}");
    // Nothing goes on once it is silent, and still there.
    let before = ticks(&server);
    assert_eq!(ask(&mut connect(&server), "SLEEP 500ms"), Reply::ok());
    let silent = ticks(&server) - before;
    assert!(silent < 20, "{silent} hundredths of a second");
}
