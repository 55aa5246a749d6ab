//! Behaviour 1 of `docs/reliability.md`: who can reach the server, and who cannot.

use std::io::Write;

use crate::talking::{BOTH, HUNG, THREADED, ask_alone, pong, raw, read_to_the_end};
use launch::{Launch, LaunchError, Stream};
use service::Options;

fn everywhere(flags: &[&str]) -> Launch {
    Launch::new(fixture::program(THREADED))
        .args(["--listen", "0.0.0.0:0"])
        .args(flags)
}

#[test]
fn without_a_word_only_this_machine_is_listened_to() {
    let options = Options::read("server", "", ["server"]).unwrap();
    assert!(options.listen.ip().is_loopback(), "{}", options.listen);
    assert_eq!(options.listen.port(), 12_000);
}

#[test]
fn listening_for_other_machines_is_warned_of() {
    let server = everywhere(&[]).start().unwrap();
    let warning = |line: &str| line.starts_with("warning: every machine that reaches");
    assert!(
        server
            .wait_for_line(Stream::Stderr, HUNG, warning)
            .is_some()
    );
}

#[test]
fn more_commands_are_not_exposed_by_accident() {
    match everywhere(&["--allow", "sh"]).start() {
        Err(LaunchError::ExitedEarly { status, output, .. }) => {
            assert_eq!(status.code(), Some(1));
            assert_eq!(output.len(), 1, "{output:?}");
            assert!(output[0].text.contains("--expose-commands"), "{output:?}");
        }
        other => panic!("{other:?}"),
    }
    let meant = everywhere(&["--allow", "sh", "--expose-commands"]).start();
    assert!(meant.is_ok(), "{meant:?}");
}

#[test]
fn a_page_in_a_browser_gets_nowhere() {
    for name in BOTH {
        let mut server = fixture::start(name, &[]);
        for request in [
            "POST / HTTP/1.1\r\nHost: localhost\r\n\r\nINCR reached\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nINCR reached\r\n",
            "INCR asked\r\nhost: localhost\r\nINCR reached\r\n",
            "*1\r\n$4\r\npost\r\nINCR reached\r\n",
        ] {
            let mut page = raw(&server);
            page.write_all(request.as_bytes()).unwrap();
            assert_eq!(read_to_the_end(&mut page).0, "", "{name}: {request}");
        }
        assert_eq!(ask_alone(&server, "GET reached"), proto::Reply::Integer(0));
        assert_eq!(ask_alone(&server, "PING"), pong());
        server.stop(HUNG).unwrap();
        let warnings = server.lines(Stream::Stderr);
        assert_eq!(warnings.len(), 2, "one a minute, and a count: {warnings:?}");
        assert!(warnings[1].contains(" 3 more "), "{warnings:?}");
        assert!(
            warnings[0].contains("a browser sent it 'POST /"),
            "{warnings:?}"
        );
    }
}
