//! Behaviour 11 of `docs/reliability.md`: a panic while serving one client reaches no
//! other.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use crate::{Options, Service};

#[test]
fn a_panic_ends_one_connection_releases_its_place_and_poisons_nothing() {
    let flags = ["server", "--max-clients", "1"];
    let options = Options::read("server", "", flags).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let service = Service::start(&options, &listener).unwrap();

    let mut victim = TcpStream::connect(address).unwrap();
    let handler = service.admit(|| listener.accept()).unwrap();
    // The thread that panics holds the print lock.
    handler.serve_by(|handler, _| handler.shared.console.hold(|| panic!("a mistake")));
    assert_eq!(
        victim.read(&mut [0]).unwrap(),
        0,
        "the connection has ended"
    );

    // With one place in all, the next is admitted only if the place is free again.
    let mut next = TcpStream::connect(address).unwrap();
    next.write_all(b"PING\r\nQUIT\r\n").unwrap();
    service.admit(|| listener.accept()).unwrap().serve();
    let mut answer = String::new();
    next.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "+PONG\r\n+OK\r\n");
    service.finish();
}
