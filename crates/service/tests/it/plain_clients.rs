//! Programs that know nothing of Redis talk to both servers: nc and telnet as people do,
//! curl as a browser does. Each test that lacks its program says so and is skipped.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
};

use crate::talking::{BOTH, ask_alone, port, run, text};
use proto::Reply;

#[test]
fn nc_sends_lines_and_gets_every_reply() {
    if !fixture::has("nc") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &[]);
        let lines = "PING\nSAY \"hello you\"\nRUN echo hi\nSLEEP 50ms\n";
        let output = run("nc", &["-N", "127.0.0.1", &port(&server)], lines);
        let expected = "+PONG\r\n$21\r\nHello from the server\r\n\
                        *3\r\n:0\r\n$3\r\nhi\n\r\n$0\r\n\r\n+OK\r\n";
        assert_eq!(text(&output.stdout), expected, "{name}");
    }
}

#[test]
fn telnet_is_answered_until_it_quits() {
    if !fixture::has("telnet") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &[]);
        let mut telnet = Command::new("telnet")
            .args(["127.0.0.1", &port(&server)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Its input stays open: telnet leaves at the end of it, with replies on their
        // way.
        let mut keys = telnet.stdin.take().unwrap();
        keys.write_all(b"PING\nECHO \"by hand\"\nQUIT\n").unwrap();
        let mut screen = String::new();
        telnet
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut screen)
            .unwrap();
        telnet.wait().unwrap();
        assert!(
            screen
                .replace('\r', "")
                .ends_with("+PONG\n$7\nby hand\n+OK\n"),
            "{name}: {screen:?}"
        );
    }
}

#[test]
fn curl_is_cut_off() {
    if !fixture::has("curl") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &[]);
        let url = format!("http://{}/", server.address());
        for flags in [
            &["-s", "-m", "30"][..],
            &["-s", "-m", "30", "-d", "INCR curl"],
        ] {
            let output = run("curl", &[flags, &[&url]].concat(), "");
            // 52: an empty reply; 56: the connection was reset.
            let status = output.status.code();
            assert!(matches!(status, Some(52 | 56)), "{name}: {output:?}");
            assert_eq!(text(&output.stdout), "", "{name}");
        }
        assert_eq!(ask_alone(&server, "GET curl"), Reply::Integer(0), "{name}");
    }
}
