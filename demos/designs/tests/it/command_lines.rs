//! What is wrong on a command line is one clear line, and the exit status says whose
//! mistake.

use std::{
    net::TcpListener,
    process::{Command, Output},
};

use crate::subjects::{EVENT, POOL};

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(fixture::program(program))
        .args(arguments)
        .output()
        .unwrap()
}

fn is_one_line(output: &Output, expected: &str) {
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(printed.contains(expected), "{printed}");
    assert_eq!(printed.trim_end().lines().count(), 1, "{printed}");
    assert!(output.stdout.is_empty(), "it has not begun to listen");
}

#[test]
fn the_help_says_first_what_the_program_does() {
    for (program, about) in [(POOL, "Serves clients"), (EVENT, "Serves all clients")] {
        let printed = run(program, &["--help"]).stdout;
        let printed = String::from_utf8_lossy(&printed);
        assert!(printed.starts_with(about), "{printed}");
    }
}

#[test]
fn a_pool_has_workers() {
    for number in ["0", "-1", "many", ""] {
        let output = run(POOL, &[&format!("--workers={number}")]);
        assert_eq!(output.status.code(), Some(2), "{number}");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(
            printed.contains("expected a number of threads, 1 or more"),
            "{printed}"
        );
    }
}

#[test]
fn more_workers_than_the_machine_carries_are_refused_before_the_first_client() {
    let output = run(POOL, &["--listen", "127.0.0.1:0", "--workers", "99999999"]);
    assert_eq!(output.status.code(), Some(1));
    is_one_line(&output, "pool-server: cannot start 99999999 workers");
    if !fixture::has("prlimit") {
        return;
    }
    let output = Command::new("prlimit")
        .arg("--as=67108864")
        .arg(fixture::program(POOL))
        .args(["--listen", "127.0.0.1:0", "--workers", "100"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    is_one_line(&output, "address space (ulimit -v)");
}

#[test]
fn a_port_that_is_taken_is_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for program in [POOL, EVENT] {
        let output = run(program, &["--listen", &address]);
        assert_eq!(output.status.code(), Some(1), "{program}");
        is_one_line(&output, "another program listens there");
    }
}

#[test]
fn an_operator_and_plain_messages_need_threads() {
    for flag in ["--operator", "--plain"] {
        let output = run(EVENT, &[flag, "--listen", "127.0.0.1:0"]);
        assert_eq!(output.status.code(), Some(1));
        is_one_line(&output, &format!("{flag} needs a thread for each client"));
    }
}
