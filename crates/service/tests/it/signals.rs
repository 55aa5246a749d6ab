//! Behaviour 14 of `docs/reliability.md`: a second signal, a terminal that goes away,
//! signals that the parent blocked or ignored, and the programs that run meanwhile.

use std::{
    fs,
    io::{Read, Write},
    thread,
};

use crate::{
    stopping::wait_until_refused,
    talking::{BOTH, HUNG, THREADED, ask, connect, pong, raw, read_to_the_end},
};
use launch::{Launch, Server};
use rustix::process::{Pid, Signal, kill_process};

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
            // A shell lets what it starts in the background ignore Ctrl-\.
            let mut server = Launch::new("env")
                .arg("--default-signal=QUIT")
                .arg(fixture::program(name))
                .args(["--listen", "127.0.0.1:0", "--grace", "100ms"])
                .start()
                .unwrap();
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
