//! The program against the kit's own servers: the same from both, but for the thread's
//! name.

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::{contains, is_empty};

#[test]
fn both_servers_give_the_client_the_same() {
    for (name, thread) in [("single-server", "main"), ("threaded-server", "client-1")] {
        let server = fixture::start(name, &[]);
        let ask = |request: &[&str]| {
            let mut client = cargo_bin_cmd!("client");
            client.arg("--connect").arg(server.address().to_string());
            client.args(request).assert()
        };
        ask(&["TIMED", "PING"])
            .success()
            .stdout("PONG\n")
            .stderr(contains(thread));
        ask(&["RUN", "date", "-u"])
            .success()
            .stdout(contains(" UTC "))
            .stderr(is_empty());
        ask(&["RUN", "false"])
            .code(1)
            .stdout(is_empty())
            .stderr(is_empty());
        ask(&["RUN", "sleep", "soon"])
            .code(1)
            .stderr(contains("invalid time interval"));
        ask(&["RUN", "rm"])
            .code(1)
            .stderr(contains("-NOPERM 'rm' is not on the allowlist"));
        ask(&["SLEEP soon"])
            .code(1)
            .stderr(contains("try 500ms, 2s or 1m"));
        ask(&["HELLO", "3"])
            .success()
            .stdout(contains(format!("server: {name}\n")));
        ask(&["INCRBY visits -7"]).success().stdout("-7\n");
        ask(&["ROSTER"]).success().stdout(is_empty());
    }
}

#[test]
fn a_command_that_a_signal_ended_has_the_status_that_a_shell_tells() {
    let server = fixture::start("threaded-server", &["--allow", "sh"]);
    let mut client = cargo_bin_cmd!("client");
    client.arg("--connect").arg(server.address().to_string());
    client
        .args(["RUN", "sh", "-c", "kill -9 $$"])
        .assert()
        .code(128 + 9);
}
