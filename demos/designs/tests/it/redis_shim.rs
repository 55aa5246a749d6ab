//! Redis as a subject: a shim that keeps the contract of the kit's servers.

use std::process::Command;

use launch::{Launch, Server};
use proto::Reply;

use crate::talking::{HUNG, ask, connect, pong};

const SHIM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../redis/redis-server.sh");

fn start(arguments: &[&str]) -> Server {
    Launch::new("bash")
        .arg(SHIM)
        .args(arguments)
        .start()
        .unwrap()
}

#[test]
fn it_announces_the_address_it_listens_on_and_ends_with_status_0() {
    if !fixture::has("redis-server") {
        return;
    }
    for arguments in [
        &["--listen", "127.0.0.1:0"][..],
        &["--maxclients", "50", "--listen", "127.0.0.1:0"],
    ] {
        let mut server = start(arguments);
        let mut client = connect(&server);
        assert_eq!(ask(&mut client, "PING"), pong());
        assert_eq!(ask(&mut client, "BLPOP nothing 0.1"), Reply::Null);
        assert!(server.stop(HUNG).unwrap().success());
        assert!(client.receive().is_err(), "redis-server has ended with it");
    }
}

#[test]
fn what_is_wrong_is_one_line() {
    for (arguments, path, status, line) in [
        (&["--listen", "here"][..], true, 2, "expected HOST:PORT"),
        (&[][..], false, 3, "redis-server is not installed"),
    ] {
        if path && !fixture::has("redis-server") {
            continue;
        }
        let mut shim = Command::new("/bin/bash");
        shim.arg(SHIM).args(arguments);
        if !path {
            shim.env("PATH", "/nonexistent");
        }
        let output = shim.output().unwrap();
        assert_eq!(output.status.code(), Some(status));
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(
            printed.contains(line) && printed.lines().count() == 1,
            "{printed}"
        );
    }
}
