//! Behaviour 15 of `docs/reliability.md`: the lines of many clients at once stay whole.

use std::thread;

use crate::{
    request_log::entries,
    talking::{HUNG, THREADED, ask, connect},
};

/// Asks `requests` numbered ECHOs on each of `clients` connections at once, and finds
/// each on one whole line of the log and on one of the console.
fn every_line_is_whole(clients: usize, requests: usize) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = fixture::start(THREADED, &["--log", log.to_str().unwrap()]);
    thread::scope(|scope| {
        for client in 0..clients {
            let mut connection = connect(&server);
            let ask_all = move || {
                for request in 0..requests {
                    ask(
                        &mut connection,
                        &format!("ECHO nonce-{client}-{request}-end"),
                    );
                }
            };
            thread::Builder::new().spawn_scoped(scope, ask_all).unwrap();
        }
    });
    server.stop(HUNG).unwrap();
    let mut logged: Vec<String> = entries(&log)
        .iter()
        .map(|entry| entry["output"].as_str().unwrap().to_owned())
        .collect();
    logged.sort_unstable();
    let mut asked: Vec<String> = (0..clients)
        .flat_map(|client| {
            (0..requests).map(move |request| format!("nonce-{client}-{request}-end"))
        })
        .collect();
    asked.sort_unstable();
    assert!(logged == asked, "{} of {} lines", logged.len(), asked.len());
    println!(
        "{} of {} log lines whole under {clients} threads",
        logged.len(),
        asked.len()
    );
}

#[test]
fn lines_of_many_clients_never_mix() {
    every_line_is_whole(64, 50);
}

#[test]
#[ignore = "a figure of docs/reliability.md"]
fn sixty_four_thousand_lines_of_sixty_four_clients_never_mix() {
    every_line_is_whole(64, 1_000);
}
