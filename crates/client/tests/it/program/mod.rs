//! The program as a person at a shell meets it: its output, its words, its exit status.

mod chat;
mod one_shot;
mod prompt;
mod register;
mod servers;

use crate::fake_server::{FakeServer, Received};
use assert_cmd::{Command, cargo::cargo_bin_cmd};
use proto::Reply;

fn client(server: &FakeServer) -> Command {
    let mut command = cargo_bin_cmd!("client");
    command.args(["--connect", &server.address]);
    command
}

/// Knows what the tests need of each request; closes the connection on `LEAVE`.
fn answer((_, request): &Received) -> Option<Reply> {
    let words: Vec<_> = request.iter().map(|word| word.as_slice()).collect();
    Some(match words.as_slice() {
        [b"LEAVE"] => return None,
        [b"RUN", b"fail"] => run(3, "out\n", "err\n"),
        [b"TIMED", b"RUN", b"fail"] => Reply::Array(vec![
            Reply::Integer(2_500),
            Reply::text("client-1"),
            run(3, "out\n", "err\n"),
        ]),
        [b"ECHO" | b"SAY", text] => Reply::Bulk(text.to_vec()),
        [b"REGISTER", _, _, b"taken"] => Reply::error("ERR taken"),
        [b"PING" | b"REGISTER" | b"QUIT", ..] => Reply::ok(),
        _ => Reply::error("ERR unknown command"),
    })
}

fn run(status: i64, out: &str, err: &str) -> Reply {
    Reply::Array(vec![
        Reply::Integer(status),
        Reply::text(out),
        Reply::text(err),
    ])
}
