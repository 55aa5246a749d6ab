//! Behaviour 10 of `docs/reliability.md`: a thread that the system refuses costs one
//! client its service, and the server nothing.

use crate::talking::{HUNG, THREADED, ask, connect, limit_address_space, pong};
use launch::Stream;
use proto::Reply;

#[test]
fn a_client_without_a_thread_is_told_so_and_the_others_are_served() {
    let mut server = fixture::start(THREADED, &["--quiet"]);
    let mut bystander = connect(&server);
    assert_eq!(ask(&mut bystander, "PING"), pong());
    limit_address_space(server.pid(), 8 * 1024 * 1024);

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

    limit_address_space(server.pid(), 1 << 33);
    assert_eq!(ask(&mut connect(&server), "PING"), pong());
    assert!(server.stop(HUNG).unwrap().success());
    let warnings = server.lines(Stream::Stderr);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let summary = server.lines(Stream::Stdout).pop().unwrap();
    assert!(summary.contains("5 without a thread"), "{summary}");
}
