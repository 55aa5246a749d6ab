//! One request on the command line.

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::contains;

use proto::Reply;

use super::{answer, client};
use crate::fake_server::FakeServer;

#[test]
fn what_a_command_printed_is_printed_and_its_status_is_the_exit_status() {
    let server = FakeServer::start(answer);
    client(&server)
        .args(["RUN", "fail"])
        .assert()
        .code(3)
        .stdout("out\n")
        .stderr("err\n");
    client(&server)
        .args(["TIMED", "RUN", "fail"])
        .assert()
        .code(3)
        .stdout("out\n")
        .stderr("err\nserved in 2.500 ms by the thread client-1\n");
}

#[test]
fn words_are_sent_as_they_stand_and_a_word_alone_as_a_line() {
    let server = FakeServer::start(answer);
    client(&server)
        .args(["ECHO", "a  \"b"])
        .assert()
        .success()
        .stdout("a  \"b\n");
    client(&server)
        .arg("ECHO 'a  b'")
        .assert()
        .success()
        .stdout("a  b\n");
    client(&server)
        .args(["RUN", "x", "--help", "-u"])
        .assert()
        .code(1);
    assert_eq!(server.received().last().unwrap().1, "RUN x --help -u");
    client(&server)
        .arg("ECHO 'a")
        .assert()
        .code(255)
        .stderr(contains("quote"));
}

#[test]
fn an_error_reply_is_one_line_and_status_1() {
    let server = FakeServer::start(answer);
    let assert = client(&server).arg("DANCE").assert();
    assert.code(1).stdout("").stderr("-ERR unknown command\n");
}

#[test]
fn failures_of_its_own_are_one_line_and_status_255() {
    let server = FakeServer::start(answer);
    let one_line = |text: &str| text.lines().count() == 1 && text.starts_with("client: ");
    let one_line = || predicates::function::function(one_line);
    client(&server)
        .arg("LEAVE")
        .assert()
        .code(255)
        .stderr(one_line());
    let address = server.address.clone();
    drop(server);
    let gone = ["--connect", &address, "PING"];
    cargo_bin_cmd!("client")
        .args(gone)
        .assert()
        .code(255)
        .stderr(one_line());
    let nowhere = ["--connect", "nowhere", "PING"];
    cargo_bin_cmd!("client")
        .args(nowhere)
        .assert()
        .code(255)
        .stderr(one_line());
}

#[test]
fn wrong_options_are_status_255_and_help_is_none() {
    for wrong in [
        &["--no-such-option"][..],
        &["--timeout", "soon", "PING"],
        &["--keep", "PING"],
        &["--chat", "hi", "PING"],
        &["--name", "Ann"],
        &["--register", "--name", ""],
    ] {
        let assert = cargo_bin_cmd!("client").args(wrong).assert();
        assert.code(255).stdout("").stderr(contains("error: "));
    }
    let assert = cargo_bin_cmd!("client").arg("--help").assert();
    assert
        .success()
        .stderr("")
        .stdout(contains("client RUN date"));
}

#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let server = FakeServer::start(answer);
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let status = std::process::Command::new(assert_cmd::cargo::cargo_bin!("client"))
        .args(["--connect", &server.address, "PING"])
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(255));
}

#[test]
fn a_reply_that_does_not_come_names_the_flag_that_waits_longer() {
    let (held, hold) = std::sync::mpsc::channel::<()>();
    let server = FakeServer::start(move |_| hold.recv().ok().map(|()| Reply::ok()));
    let assert = client(&server)
        .args(["--timeout", "100ms", "PING"])
        .assert();
    assert
        .code(255)
        .stderr(contains("took longer than 100ms; --timeout"));
    drop(held);
}
