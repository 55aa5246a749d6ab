//! Servers made of a few lines of shell, each with a way of its own to start or to fail.

use std::{net::SocketAddr, os::unix::process::ExitStatusExt, time::Duration};

use launch::{Launch, LaunchError, Server, Stream};
use rustix::process::{Pid, Signal, test_kill_process};

/// Long enough for a machine that is busy; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);
const ANNOUNCE: &str = "echo listening on 127.0.0.1:4711";

fn launch(program: &str) -> Launch {
    launch::keep_with(env!("CARGO_BIN_EXE_keeper"));
    Launch::new(program)
}

fn shell(script: &str) -> Launch {
    launch("sh").args(["-c", script]).announce_within(PATIENCE)
}

fn announcing(script: &str) -> Server {
    shell(&format!("{ANNOUNCE}; {script}")).start().unwrap()
}

fn exists(pid: i32) -> bool {
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

#[test]
fn a_server_is_started_once_it_says_its_address() {
    let server = announcing("sleep 600");
    assert_eq!(server.address(), SocketAddr::from(([127, 0, 0, 1], 4711)));
}

#[test]
fn a_program_that_announces_nothing_is_started_where_its_caller_knows_it() {
    let address = SocketAddr::from(([127, 0, 0, 1], 4711));
    let server = launch("sleep").arg("600").start_at(address).unwrap();
    assert_eq!(server.address(), address);
    assert!(exists(i32::try_from(server.pid()).unwrap()));
    let missing = launch("no-such-server").start_at(address).unwrap_err();
    assert!(matches!(missing, LaunchError::NotFound { .. }), "{missing}");
}

#[test]
fn a_missing_program_is_named() {
    let error = launch("no-such-server").start().unwrap_err();
    assert!(
        matches!(&error, LaunchError::NotFound { program } if program == "no-such-server")
    );
    let error = launch("./no/such/server").start().unwrap_err();
    let here = std::env::current_dir().unwrap().join("no/such/server");
    assert!(matches!(error, LaunchError::NoFile { found } if found == here));
}

#[test]
fn a_file_that_is_no_program_is_not_called_missing() {
    let text = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let error = launch(text).start().unwrap_err();
    assert!(matches!(error, LaunchError::CannotStart { .. }), "{error}");
}

#[test]
fn a_server_that_exits_at_once_shows_its_status_and_last_words() {
    let error = shell("echo cannot bind >&2; exit 3").start().unwrap_err();
    assert!(matches!(&error, LaunchError::ExitedEarly { status, .. }
            if status.code() == Some(3)));
    let text = error.to_string();
    assert!(
        text.contains("exit status: 3") && text.contains("\n  | cannot bind"),
        "{text}"
    );
}

#[test]
fn a_server_that_never_announces_itself_is_killed() {
    let script = "echo PID $$ >&2; exec sleep 600";
    let launch = launch("sh").args(["-c", script]);
    let error = launch
        .announce_within(Duration::from_millis(300))
        .start()
        .unwrap_err();
    let LaunchError::NotAnnounced { output, .. } = &error else {
        panic!("{error}")
    };
    if let Some(line) = output.first() {
        assert!(!exists(line.text[4..].parse().unwrap()), "it still runs");
    }
}

#[test]
fn a_server_that_nobody_waits_for_any_longer_is_killed() {
    let launch = shell("echo PID $$ >&2; exec sleep 600");
    let error = launch.start_while(|| false).unwrap_err();
    assert!(matches!(error, LaunchError::GivenUp { .. }), "{error}");
}

#[test]
fn an_announcement_that_is_none_is_shown() {
    for garbage in [
        "hello",
        "listening on port 80",
        "Listening on 127.0.0.1:80",
        "",
    ] {
        let error = shell(&format!("echo '{garbage}'; exec sleep 600"))
            .start()
            .unwrap_err();
        let LaunchError::BadAnnouncement { line, .. } = &error else {
            panic!("{garbage}: {error}")
        };
        assert_eq!(line, garbage);
        assert!(error.to_string().contains(garbage));
    }
}

#[test]
fn a_flood_on_both_streams_never_stalls_the_server() {
    let flood = "i=0; while [ $i -lt 4000 ]; do
        echo \"out $i, a line that is long enough to fill a pipe in a while\"
        echo \"err $i, a line that is long enough to fill a pipe in a while\" >&2
        i=$((i+1)); done";
    let mut server = announcing(flood);
    assert!(server.wait(PATIENCE).unwrap().success());
    for (stream, word, before) in [(Stream::Stdout, "out", 1), (Stream::Stderr, "err", 0)]
    {
        let lines = server.lines(stream);
        assert_eq!(lines.len(), 4000 + before);
        for (number, line) in lines[before..].iter().enumerate() {
            assert!(line.starts_with(&format!("{word} {number},")), "{line}");
        }
    }
    assert_eq!(server.output().len(), 8001);
    assert_eq!(server.dropped_lines(Stream::Stdout), 0);
}

#[test]
fn a_server_that_stops_on_request_tells_its_status() {
    let ways: [fn(&Server); 2] = [Server::terminate, Server::interrupt];
    for (way, status) in ways.iter().zip([7, 8]) {
        // The shell runs a trap between two commands, so its sleeps are short.
        let script = "trap 'echo bye; exit 7' TERM; trap 'exit 8' INT; echo ready; \
                      while :; do sleep 0.01; done";
        // A shell lets what it starts in the background ignore Ctrl-C.
        let mut server = launch("env")
            .args(["--default-signal=INT", "sh", "-c"])
            .arg(format!("{ANNOUNCE}; {script}"))
            .announce_within(PATIENCE)
            .start()
            .unwrap();
        server
            .wait_for_line(Stream::Stdout, PATIENCE, |line| line == "ready")
            .unwrap();
        way(&server);
        assert_eq!(server.wait(PATIENCE).unwrap().code(), Some(status));
        server.terminate();
        assert_eq!(server.wait(PATIENCE).unwrap().code(), Some(status));
    }
}

#[test]
fn a_server_that_ignores_sigterm_is_killed_after_the_grace() {
    let mut server = announcing("trap '' TERM; echo ready; while :; do sleep 0.01; done");
    server
        .wait_for_line(Stream::Stdout, PATIENCE, |line| line == "ready")
        .unwrap();
    let refused = server.wait(Duration::ZERO).unwrap_err();
    assert!(matches!(refused, LaunchError::StillRuns { .. }));
    let status = server.stop(Duration::from_millis(50)).unwrap();
    assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
}

#[test]
fn waiting_for_a_line_ends_when_no_more_can_come() {
    let server = announcing("echo last words");
    let found = server.wait_for_line(Stream::Stdout, PATIENCE, |line| line == "more");
    assert_eq!(found, None);
    assert_eq!(server.lines(Stream::Stdout).len(), 2);
}

#[test]
fn a_command_is_split_and_started_in_its_folder_with_its_variables() {
    let command = "sh -c 'echo listening on 127.0.0.1:1; pwd; echo \"$GREETING\"'";
    let launch = Launch::parse_command(command).unwrap();
    let mut server = launch
        .current_dir("/")
        .env("GREETING", "good day")
        .start()
        .unwrap();
    server.wait(PATIENCE).unwrap();
    assert_eq!(server.lines(Stream::Stdout)[1..], ["/", "good day"]);
    for bad in ["", "   ", "sh -c 'open"] {
        let error = Launch::parse_command(bad).unwrap_err();
        assert!(matches!(error, LaunchError::BadCommand { .. }), "{error}");
    }
}
