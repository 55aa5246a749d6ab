//! Behaviour 14 of `docs/reliability.md`: signals at every moment of a client.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::ExitStatus,
    thread,
    time::Duration,
};

use crate::talking::{BOTH, HUNG, THREADED, ask, connect, pong, raw, read_to_the_end};
use client::Connection;
use launch::{Launch, Server, Stream};
use proto::Reply;
use rustix::process::{Pid, Signal, kill_process};

fn terminate(server: &mut Server) -> ExitStatus {
    server.terminate();
    server.wait(HUNG).unwrap()
}

fn summary(server: &Server) -> String {
    server.lines(Stream::Stdout).pop().unwrap()
}

/// Asks until nobody takes a connection any more, or takes one only to end it unanswered.
fn wait_until_refused(server: &Server) {
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
        let told = summary(&server);
        assert!(
            told.ends_with("2 requests = 1 answered + 1 aborted"),
            "{request}: {told}"
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
fn a_second_signal_ends_the_server_at_once_and_the_programs_it_runs() {
    for (interrupt, status) in [(false, 143), (true, 130)] {
        let flags = ["--grace", "1h", "--allow", "sh"];
        let mut server = fixture::start(THREADED, &flags);
        let mut client = connect(&server);
        let script = "echo $$ > /proc/self/fd/2; exec sleep 1000";
        client
            .send(format!("PING\r\nRUN sh -c \"{script}\"\r\n").as_bytes())
            .unwrap();
        assert_eq!(client.receive().unwrap(), pong());
        server.terminate();
        wait_until_refused(&server);
        if interrupt {
            server.interrupt();
        } else {
            server.terminate();
        }
        assert_eq!(server.wait(HUNG).unwrap().code(), Some(status));
        assert!(client.receive().is_err());
    }
}

/// The processes whose command line holds `word`.
pub(crate) fn processes(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap() {
        let folder = entry.unwrap().path();
        let line = fs::read(folder.join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(word) && !line.contains("-server") {
            found.push(format!("{} {line}", folder.display()));
        }
    }
    found
}

/// Two signals while many programs start; none of them may be left.
fn a_double_signal_leaves_no_program(rounds: usize) {
    for round in 0..rounds {
        let name = BOTH[usize::from(round % 8 != 0)];
        let mut server = fixture::start(name, &["--grace", "1h"]);
        let word = format!("sleep 1000.{}{round:04}", std::process::id());
        let request = format!("RUN {word}\r\n");
        // One is sure to be served, so that the first signal alone ends nothing.
        let mut first = raw(&server);
        first.write_all(b"PING\r\n").unwrap();
        first.write_all(request.as_bytes()).unwrap();
        first.read_exact(&mut [0; 7]).unwrap();
        let clients: Vec<_> = (0..149)
            .map(|_| {
                let mut client = raw(&server);
                client.write_all(request.as_bytes()).unwrap();
                client
            })
            .collect();
        for _ in 0..round % 30 {
            thread::yield_now();
        }
        // Two of the same may be one to the system.
        server.interrupt();
        server.terminate();
        let code = server.wait(HUNG).unwrap().code();
        let left = processes(&word);
        assert!(left.is_empty(), "{name}: {} are left: {left:?}", left.len());
        assert!(matches!(code, Some(130 | 143)), "{name}: {code:?}");
        drop(clients);
    }
    println!("0 programs left after {rounds} double signals while 150 start");
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_signal_while_programs_start_leaves_none() {
    a_double_signal_leaves_no_program(5);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "a figure of docs/reliability.md"]
fn a_hundred_double_signals_while_programs_start_leave_none() {
    a_double_signal_leaves_no_program(100);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_goes_away_stops_the_server_in_order_and_ctrl_backslash_at_once() {
    for name in BOTH {
        for (signal, status, answer) in [
            (Signal::HUP, 0, "-ERR server is stopping\r\n"),
            (Signal::QUIT, 131, ""),
        ] {
            let mut server = fixture::start(name, &["--grace", "100ms"]);
            let word = format!("sleep 2000.{}{status}", std::process::id());
            let mut client = raw(&server);
            client
                .write_all(format!("PING\r\nRUN {word}\r\n").as_bytes())
                .unwrap();
            client.read_exact(&mut [0; 7]).unwrap();
            while processes(&word).is_empty() {
                thread::yield_now();
            }
            send(&server, signal);
            assert_eq!(server.wait(HUNG).unwrap().code(), Some(status), "{name}");
            assert_eq!(read_to_the_end(&mut client).0, answer, "{name}");
            assert_eq!(processes(&word), [""; 0], "{name}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn signals_that_the_parent_blocked_come_through_and_nohup_is_respected() {
    for name in BOTH {
        let mut server = Launch::new("env")
            .args(["--block-signal=TERM", "--ignore-signal=HUP"])
            .arg(fixture::program(name))
            .args(["--listen", "127.0.0.1:0"])
            .start()
            .unwrap();
        send(&server, Signal::HUP);
        assert_eq!(ask(&mut connect(&server), "PING"), pong(), "{name}");
        send(&server, Signal::TERM);
        assert_eq!(server.wait(HUNG).unwrap().code(), Some(0), "{name}");
    }
}

pub(crate) fn send(server: &Server, signal: Signal) {
    let pid = Pid::from_raw(server.pid().try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
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
        let told = summary(&server);
        let parts = format!("{answered} answered + 0 aborted");
        assert!(told.ends_with(&parts), "{told}; clients got {answered}");
        assert!(told.contains("accepted = 9 closed + 0 open"), "{told}");
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
