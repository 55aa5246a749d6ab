//! What a pool does in its own way: how many clients it serves at once.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    thread,
    time::Instant,
};

use launch::Server;
use proto::Reply;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{
    by_design::has_something,
    subjects::POOL,
    talking::{HUNG, ask, connect, raw},
};

#[test]
fn as_many_clients_are_served_at_once_as_a_pool_has_workers() {
    let flags = ["--workers", "2", "--meet-timeout", "1h"];
    let server = fixture::start(POOL, &flags);
    let mut clients = [(); 2].map(|()| connect(&server));
    for client in &mut clients {
        client.send(b"MEET 2\r\n").unwrap();
    }
    for client in &mut clients {
        assert_eq!(client.receive().unwrap(), Reply::Simple(b"MET".to_vec()));
    }
    let mut third = connect(&server);
    third.send(b"INCR order\r\n").unwrap();
    // A client that has a worker keeps it: the third comes only once one has left.
    for number in 1..=20 {
        assert_eq!(ask(&mut clients[0], "INCR order"), Reply::Integer(number));
    }
    drop(clients);
    assert_eq!(third.receive().unwrap(), Reply::Integer(21));
}

/// How many threads of a pool wait for something.
fn sleeping_workers(server: &Server) -> usize {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).unwrap();
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok())
        .filter(|stat| stat.contains("(worker-") && stat.contains(") S "))
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn a_pool_serves_one_client_at_a_time_if_one_is_all_it_may() {
    let flags = ["--workers", "4", "--max-clients", "1"];
    let server = fixture::start(POOL, &flags);
    // All four are about to accept when the first client comes.
    let give_up_at = Instant::now() + HUNG;
    while sleeping_workers(&server) < 4 {
        assert!(Instant::now() < give_up_at, "a worker is missing");
        thread::yield_now();
    }
    let mut waiting: Vec<TcpStream> = Vec::new();
    for _ in 0..8 {
        let mut client = raw(&server);
        client.write_all(b"INCR order\r\n").unwrap();
        waiting.push(client);
    }
    let mut counted = 0;
    while !waiting.is_empty() {
        let served = next_readable(&waiting);
        let mut client = BufReader::new(waiting.remove(served));
        // A second one in service would count too, in between.
        for _ in 0..20 {
            counted += 1;
            let mut reply = String::new();
            client.read_line(&mut reply).unwrap();
            assert_eq!(reply, format!(":{counted}\r\n"));
            client.get_mut().write_all(b"INCR order\r\n").unwrap();
        }
        client.read_line(&mut String::new()).unwrap();
        counted += 1;
        assert!(!waiting.iter().any(has_something));
    }
}

/// Waits until one of them can be read; gives its place.
fn next_readable(streams: &[TcpStream]) -> usize {
    let watch = |stream| PollFd::new(stream, PollFlags::IN);
    let mut watched: Vec<PollFd<'_>> = streams.iter().map(watch).collect();
    poll(&mut watched, Timespec::try_from(HUNG).ok().as_ref()).unwrap();
    let is_ready = |one: &PollFd<'_>| !one.revents().is_empty();
    watched.iter().position(is_ready).expect("one is served")
}
