//! Handout 4: accept, read one message, answer, close.

use client::{Connection, Next, Reply};

use super::{PATIENCE, console, console_shows, transcript::hold};

#[test]
fn one_message_is_answered_and_the_connection_closed() {
    for program in ["single-server", "threaded-server"] {
        let server = fixture::start(program, &["--once"]);
        let address = server.address();
        let mut client = assert_cmd::Command::new(fixture::program("client"));
        client.args(["--connect", &address.to_string(), "SAY", "hello"]);
        let assert = client.assert().success();
        let printed = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        console_shows(&server, &["closed"]);
        if program == "single-server" {
            hold("greeting: terminal 2", address, &printed);
            hold("greeting: terminal 1", address, &console(server));
        }
    }
}

#[test]
fn a_second_message_on_the_connection_is_not_read() {
    let server = fixture::start("threaded-server", &["--once", "--greeting", "Good day"]);
    let mut connection =
        Connection::open(server.address().to_string(), PATIENCE).unwrap();
    connection.send(b"SAY hello\r\nSAY again\r\n").unwrap();
    assert_eq!(connection.receive().unwrap(), Reply::text("Good day"));
    assert_eq!(connection.next_within(PATIENCE), Next::End);
}

#[cfg(target_os = "linux")]
#[test]
fn who_comes_to_a_full_backlog_hangs_and_gives_up() {
    let server = fixture::start("single-server", &["--backlog", "1"]);
    let address = server.address().to_string();
    let open = || Connection::open(&address, PATIENCE).unwrap();
    let _served = open();
    console_shows(&server, &["serves"]);
    let _waiting = [open(), open()];
    let mut client = assert_cmd::Command::new(fixture::program("client"));
    let client = client.args(["--connect", &address, "--timeout", "300ms", "PING"]);
    let output = client.assert().code(255).get_output().stderr.clone();
    let shown = String::from_utf8(output).unwrap();
    // A person gives it longer.
    hold("backlog: full", &address, &shown.replace("300ms", "3s"));
}
