//! The prompt, typed into through a pipe.

use predicates::str::contains;

use super::{answer, client};
use crate::fake_server::FakeServer;

#[test]
fn each_line_of_the_prompt_gets_a_connection_of_its_own() {
    let server = FakeServer::start(answer);
    let assert = client(&server)
        .write_stdin("ECHO a\n\n  \nECHO b\n")
        .assert();
    assert.success().stdout("a\nb\n").stderr("");
    assert_eq!(
        server.received(),
        [(1, "ECHO a".into()), (2, "ECHO b".into())]
    );
}

#[test]
fn with_keep_all_lines_share_one_connection() {
    let server = FakeServer::start(answer);
    let assert = client(&server)
        .arg("--keep")
        .write_stdin("ECHO a\nECHO b\n")
        .assert();
    assert.success().stdout("a\nb\n");
    assert_eq!(
        server.received(),
        [(1, "ECHO a".into()), (1, "ECHO b".into())]
    );
}

#[test]
fn the_prompt_ends_at_close_a_dot_quit_or_the_end() {
    let server = FakeServer::start(answer);
    for (end, printed) in [(" close ", ""), (".", ""), ("QUIT", "OK\n"), ("", "")] {
        let typed = format!("ECHO a\n{end}\n");
        let typed = if end.is_empty() {
            "ECHO a"
        } else {
            &format!("{typed}ECHO b\n")
        };
        let assert = client(&server).write_stdin(typed).assert();
        assert.success().stdout(format!("a\n{printed}"));
    }
}

#[test]
fn the_prompt_explains_what_it_cannot_read_and_goes_on() {
    let server = FakeServer::start(answer);
    let long = format!("ECHO {}\n", "x".repeat(200_000));
    let typed = format!("ECHO 'a\nDANCE\nRUN fail\n{long}ECHO b\n");
    client(&server)
        .write_stdin(typed)
        .assert()
        .success()
        .stdout("out\nb\n")
        .stderr(
            "a quote is open, or something follows a closing one\n-ERR unknown \
             command\nerr\n\
             exit status 3\nthat line is longer than any server takes\n",
        );
}

#[test]
fn a_server_that_leaves_ends_the_prompt_with_255() {
    let server = FakeServer::start(answer);
    for flags in [&[][..], &["--keep"]] {
        let assert = client(&server)
            .args(flags)
            .write_stdin("LEAVE\nECHO b\n")
            .assert();
        assert
            .code(255)
            .stdout("")
            .stderr(contains("closed the connection"));
    }
}

#[test]
fn help_lists_the_requests_and_is_not_sent() {
    let server = FakeServer::start(answer);
    let assert = client(&server).write_stdin("help\nECHO a\n").assert();
    let assert = assert.success().stdout(contains("  SLEEP time "));
    assert.stdout(contains("\na\n")).stderr("");
    assert_eq!(server.received(), [(1, "ECHO a".into())]);
}
