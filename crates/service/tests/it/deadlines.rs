//! Behaviour 6 of `docs/reliability.md`: silence, drips of bytes, and clients that do not
//! read: each of them holds its place for a while and no longer.

use std::{io::Write, thread, time::Duration};

use crate::talking::{BOTH, THREADED, ask, connect, pong, raw, read_to_the_end};
use launch::Server;
use proto::Reply;
use rustix::process::{Pid, Signal, kill_process};

/// Whether the next client is served: where one place is all there is, only if the client
/// that held it has lost it.
fn next_is_served(server: &Server) -> bool {
    ask(&mut connect(server), "PING") == pong()
}

#[test]
fn an_idle_client_is_closed() {
    for name in BOTH {
        let flags = ["--idle-timeout", "200ms", "--max-clients", "1"];
        let server = fixture::start(name, &flags);
        let mut idle = raw(&server);
        idle.write_all(b"PING\r\n").unwrap();
        assert!(next_is_served(&server));
        assert_eq!(read_to_the_end(&mut idle), ("+PONG\r\n".into(), true));
    }
}

#[test]
fn a_client_that_goes_on_asking_is_not_idle() {
    let server = fixture::start(THREADED, &["--idle-timeout", "1s"]);
    let (mut client, mut other) = (connect(&server), connect(&server));
    for _ in 0..5 {
        assert_eq!(ask(&mut client, "PING"), pong());
        assert_eq!(ask(&mut other, "SLEEP 300ms"), Reply::ok());
    }
    assert_eq!(ask(&mut client, "PING"), pong());
}

#[test]
fn what_came_while_the_server_stood_still_came_in_time() {
    for name in BOTH {
        let flags = ["--idle-timeout", "300ms"];
        let server = fixture::start(name, &flags);
        let mut client = connect(&server);
        assert_eq!(ask(&mut client, "PING"), pong());
        let pid = Pid::from_raw(i32::try_from(server.pid()).unwrap()).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        client.send(b"PING\r\n").unwrap();
        thread::sleep(Duration::from_millis(600)); // its timeout is over twice
        kill_process(pid, Signal::CONT).unwrap();
        let reply = client.receive();
        assert_eq!(reply.ok(), Some(pong()), "{name}");
    }
}

#[test]
fn bytes_that_ask_nothing_do_not_keep_a_client_from_being_idle() {
    for nothing in ["\r\n", "*0\r\n"] {
        let flags = ["--idle-timeout", "300ms", "--max-clients", "1"];
        let server = fixture::start(THREADED, &flags);
        let mut idle = raw(&server);
        thread::scope(|scope| {
            let drip = thread::Builder::new().spawn_scoped(scope, || {
                // Each comes long before the timeout.
                (0..600).position(|_| {
                    thread::sleep(Duration::from_millis(100));
                    idle.write_all(nothing.as_bytes()).is_err()
                })
            });
            assert!(next_is_served(&server));
            let refused = drip.unwrap().join().unwrap();
            assert!(refused.is_some(), "all of it was taken: {nothing:?}");
        });
    }
}

#[test]
fn an_idle_timeout_of_zero_is_none() {
    let server = fixture::start(THREADED, &["--idle-timeout", "0"]);
    let mut idle = connect(&server);
    assert_eq!(ask(&mut idle, "PING"), pong());
    assert_eq!(ask(&mut connect(&server), "SLEEP 300ms"), Reply::ok());
    assert_eq!(ask(&mut idle, "PING"), pong());
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn a_drip_of_bytes_does_not_hold_a_place_for_ever() {
    let flags = ["--idle-timeout", "1h", "--max-clients", "1"];
    let server = fixture::start(THREADED, &flags);
    let mut slow = raw(&server);
    slow.write_all(b"*1\r\n$1000\r\n").unwrap();
    thread::scope(|scope| {
        let drip = thread::Builder::new().spawn_scoped(scope, || {
            // Each byte comes long before a timeout of one read would.
            (0..600).position(|_| {
                thread::sleep(Duration::from_millis(100));
                slow.write_all(b"x").is_err()
            })
        });
        assert!(next_is_served(&server));
        let refused = drip.unwrap().join().unwrap();
        assert!(refused.is_some(), "every byte of the drip was taken");
    });
}

#[test]
#[ignore = "takes long: scripts/test.sh long"]
fn a_client_that_does_not_read_does_not_hold_a_place_for_ever() {
    let server = fixture::start(THREADED, &["--quiet", "--max-clients", "1"]);
    let mut deaf = raw(&server);
    let mut request = Vec::new();
    proto::encode_request(&[b"ECHO".to_vec(), vec![b'x'; 1024 * 1024]], &mut request);
    thread::scope(|scope| {
        let flood = thread::Builder::new().spawn_scoped(scope, || {
            // Ends with an error once the server has given this client up.
            while deaf.write_all(&request).is_ok() {}
        });
        assert!(next_is_served(&server));
        flood.unwrap().join().unwrap();
    });
}
