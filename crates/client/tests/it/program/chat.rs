//! Talking, with and without a message.

use std::{
    io::{Read, Write},
    net::Shutdown,
};

use predicates::str::{contains, ends_with};

use super::{answer, client};
use crate::fake_server::FakeServer;

#[test]
fn a_repeated_chat_asks_whether_to_go_on() {
    let server = FakeServer::start(answer);
    let question = "continue (y/n)?\n";
    let assert = client(&server)
        .args(["--chat", "hi all"])
        .write_stdin("y\nmaybe\nn\n")
        .assert();
    let shown = format!("hi all\n{question}hi all\n{question}{question}Bye\n");
    assert
        .success()
        .stdout(shown)
        .stderr("please answer y or n\n");
    assert_eq!(
        server.received(),
        [(1, "SAY hi all".into()), (1, "SAY hi all".into())]
    );
    let assert = client(&server)
        .args(["--chat", "hi"])
        .write_stdin("")
        .assert();
    assert.success().stdout(format!("hi\n{question}Bye\n"));
}

#[test]
fn a_chat_says_each_line_on_one_connection_and_tells_the_times() {
    let server = FakeServer::start(answer);
    let assert = client(&server)
        .arg("--chat")
        .write_stdin("how  are you?\n\n.\nno\n")
        .assert();
    let output = assert.success().get_output().stdout.clone();
    let output = String::from_utf8(output).unwrap();
    let lines: Vec<_> = output.lines().collect();
    let [sent, answer, "Bye"] = lines.as_slice() else {
        panic!("{output}")
    };
    for (line, what) in [(sent, "sent"), (answer, "answer")] {
        let (time, rest) = line.split_once(' ').unwrap();
        let digits: Vec<_> = time.strip_suffix('Z').unwrap().split(':').collect();
        assert!(
            digits.len() == 3 && digits.iter().all(|part| part.len() == 2),
            "{time}"
        );
        assert_eq!(rest, format!("{what}: how  are you?"));
    }
    assert_eq!(server.received(), [(1, "SAY how  are you?".into())]);
}

#[test]
fn a_server_that_leaves_ends_a_chat_with_255() {
    let server = FakeServer::start(|_| None);
    let assert = client(&server)
        .args(["--chat", "hi"])
        .write_stdin("y\n")
        .assert();
    assert.code(255).stderr(contains("closed the connection"));
    let assert = client(&server)
        .arg("--chat")
        .write_stdin("hi\nagain\n")
        .assert();
    assert.code(255).stderr(contains("closed the connection"));
}

#[test]
fn a_chat_that_the_other_side_ends_is_over() {
    let (sent, left) = std::sync::mpsc::channel();
    let server = FakeServer::raw(move |mut connection| {
        connection.peek(&mut [0]).unwrap();
        connection.write_all(b"$3\r\nBye\r\n").unwrap();
        connection.shutdown(Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        let _ = connection.read_to_end(&mut rest);
        sent.send(rest).unwrap();
    });
    let assert = client(&server)
        .arg("--chat")
        .write_stdin("hi\nmore\n")
        .assert();
    assert.success().stdout(ends_with("answer: Bye\n"));
    assert!(!left.recv().unwrap().ends_with(b"more\r\n"));
    let assert = client(&server)
        .args(["--chat", "hi"])
        .write_stdin("y\n")
        .assert();
    assert.success().stdout("Bye\n");
}
