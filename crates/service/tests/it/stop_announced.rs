//! Behaviour 14 of `docs/reliability.md`: a stop says for how many clients it waits.

use crate::{
    stopping::terminate,
    talking::{HUNG, THREADED, ask, connect},
};
use client::Connection;
use launch::Stream;

#[test]
fn a_stop_says_for_how_many_clients_it_waits() {
    for (name, clients, shown) in [
        ("single-server", 1, "waiting for 1 client (at most 50s; "),
        (THREADED, 2, "waiting for 2 clients (at most 50s; "),
    ] {
        let mut server = fixture::start(name, &["--grace", "50s"]);
        // It comes first, so that its thread is back in a read when the others begin.
        let idle = (name == THREADED).then(|| {
            let mut idle = connect(&server);
            ask(&mut idle, "PING");
            idle
        });
        let mut waiting: Vec<Connection> = Vec::new();
        for _ in 0..clients {
            let mut client = connect(&server);
            client.send(b"SLEEP 2s\r\n").unwrap();
            let address = client.stream().local_addr().unwrap().to_string();
            let begins = format!("{address} begins SLEEP 2s");
            let found =
                server.wait_for_line(Stream::Stdout, HUNG, |line| line.contains(&begins));
            assert!(found.is_some(), "no {begins:?} in {:#?}", server.output());
            waiting.push(client);
        }
        server.terminate();
        let found =
            server.wait_for_line(Stream::Stdout, HUNG, |line| line.contains(shown));
        assert!(found.is_some(), "no {shown:?} in {:#?}", server.output());
        assert!(server.wait(HUNG).unwrap().success());
        drop((waiting, idle));
    }
}

#[test]
fn a_stop_with_no_request_under_way_says_nothing_of_waiting() {
    let mut server = fixture::start(THREADED, &[]);
    let mut idle = connect(&server);
    ask(&mut idle, "PING");
    // Another one comes and goes, so that the thread of the first is back in a read.
    ask(&mut connect(&server), "PING");
    let left =
        server.wait_for_line(Stream::Stdout, HUNG, |line| line.contains(" closed "));
    assert!(left.is_some(), "{:#?}", server.output());
    assert!(terminate(&mut server).success());
    let lines = server.lines(Stream::Stdout);
    assert!(
        !lines.iter().any(|line| line.contains("waiting for")),
        "{lines:#?}"
    );
}
