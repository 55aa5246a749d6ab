//! Behaviour 21 of `docs/reliability.md`: what all clients hold is bounded, and the one
//! that holds most is closed.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use launch::Server;

use crate::talking::{
    BOTH, THREADED, ask, connect, limit_address_space, pong, raw, read_to_the_end,
};

pub(crate) const MIB: usize = 1024 * 1024;
const REFUSAL: &str = "-ERR the clients hold too much memory, and this one holds most: \
    it is \
                       closed (the server's --max-client-memory)\r\n";

/// Begins a request of 17 arguments, and sends so much of it: half a mebibyte each.
fn send_halves(client: &mut TcpStream, count: usize) {
    let half = [b"$524288\r\n".as_slice(), &[b'x'; MIB / 2], b"\r\n"].concat();
    let mut bytes = b"*17\r\n".to_vec();
    (0..count).for_each(|_| bytes.extend_from_slice(&half));
    // A client that is closed meanwhile reads why.
    let _ = client.write_all(&bytes);
}

/// What the server has had in memory at most.
pub(crate) fn peak(server: &Server) -> usize {
    fixture::memory_kib(server.pid(), "VmHWM") * 1024
}

#[test]
fn a_client_that_alone_holds_too_much_is_closed_with_an_error() {
    for name in BOTH {
        let server = fixture::start(name, &["--quiet", "--max-client-memory", "2"]);
        let mut large = raw(&server);
        send_halves(&mut large, 6);
        let (answer, _) = read_to_the_end(&mut large);
        assert_eq!(answer, REFUSAL, "{name}");
        assert_eq!(ask(&mut connect(&server), "PING"), pong(), "{name}");
    }
}

#[test]
fn the_client_that_holds_most_goes_and_the_others_stay() {
    let server = fixture::start(THREADED, &["--quiet", "--max-client-memory", "4"]);
    let (mut large, mut small) = (raw(&server), raw(&server));
    let mut bystander = connect(&server);
    send_halves(&mut large, 7);
    send_halves(&mut small, 3);
    let (answer, _) = read_to_the_end(&mut large);
    assert_eq!(answer, REFUSAL);
    assert_eq!(ask(&mut bystander, "PING"), pong());

    small.write_all(&b"$0\r\n\r\n".repeat(14)).unwrap();
    let mut start = [0; 19];
    small.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"-ERR unknown comman");
}

#[test]
fn a_hundred_clients_that_hold_what_they_can_stay_within_the_bound() {
    let server = fixture::start(THREADED, &["--quiet"]);
    let mut bystander = connect(&server);
    let mut hostile: Vec<TcpStream> = (0..100).map(|_| raw(&server)).collect();
    for client in &mut hostile {
        send_halves(client, 7);
        assert_eq!(ask(&mut bystander, "PING"), pong());
    }
    // They hold 350 MiB, if they are let.
    assert!(peak(&server) < 192 * MIB, "{} MiB", peak(&server) / MIB);
}

#[test]
fn a_request_that_the_system_has_no_memory_for_is_refused_alone() {
    let server = fixture::start(THREADED, &["--quiet"]);
    let mut bystander = connect(&server);
    assert_eq!(ask(&mut bystander, "PING"), pong());
    limit_address_space(server.pid(), 10 * 1024 * 1024);
    let mut large = raw(&server);
    send_halves(&mut large, 16);
    let (answer, _) = read_to_the_end(&mut large);
    assert_eq!(answer, REFUSAL);
    assert_eq!(ask(&mut bystander, "PING"), pong());
}
