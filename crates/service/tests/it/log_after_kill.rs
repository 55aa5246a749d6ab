//! Behaviour 15 of `docs/reliability.md`, its hardest case: what was answered is in the
//! log even though the server was killed.

use std::{collections::HashSet, fs, thread};

use crate::talking::{HUNG, THREADED, ask, connect};
use client::Connection;
use rustix::process::{Pid, Signal, kill_process};

/// Asks one ECHO after another, and gives back those that were answered.
fn ask_until_it_is_killed(client: usize, mut connection: Connection) -> Vec<String> {
    let mut answered = Vec::new();
    loop {
        let nonce = format!("nonce-{client}-{}-end", answered.len());
        match connection.request(&["ECHO", &nonce]) {
            Ok(_) => answered.push(nonce),
            Err(_) => return answered,
        }
    }
}

/// Kills a busy server `rounds` times; whatever was answered must be in the log.
fn no_answered_request_is_missing(rounds: usize) {
    let mut answered_in_all = 0;
    for round in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut server =
            fixture::start(THREADED, &["--quiet", "--log", log.to_str().unwrap()]);
        let answered: Vec<String> = thread::scope(|scope| {
            let spawn = |number| {
                let connection = connect(&server);
                let client = move || ask_until_it_is_killed(number, connection);
                thread::Builder::new().spawn_scoped(scope, client).unwrap()
            };
            let clients: Vec<_> = (0..8).map(spawn).collect();
            let mut pacer = connect(&server);
            for _ in 0..=round % 50 {
                ask(&mut pacer, "PING");
            }
            let pid = Pid::from_raw(server.pid().try_into().unwrap()).unwrap();
            kill_process(pid, Signal::KILL).unwrap();
            clients
                .into_iter()
                .flat_map(|client| client.join().unwrap())
                .collect()
        });
        server.wait(HUNG).unwrap();
        let text = fs::read_to_string(&log).unwrap();
        let logged: HashSet<&str> = text
            .lines()
            .filter_map(|line| line.split("\"output\":\"").nth(1)?.split('"').next())
            .collect();
        for nonce in &answered {
            assert!(
                logged.contains(nonce.as_str()),
                "{nonce} was answered and not logged"
            );
        }
        answered_in_all += answered.len();
    }
    println!("0 of {answered_in_all} answered requests missing after {rounds} × kill -9");
}

#[test]
fn what_was_answered_is_in_the_log_even_after_kill_9() {
    no_answered_request_is_missing(5);
}

#[test]
#[ignore = "a figure of docs/reliability.md"]
fn what_was_answered_is_in_the_log_even_after_100_times_kill_9() {
    no_answered_request_is_missing(100);
}
