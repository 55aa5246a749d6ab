//! Behaviour 16 of `docs/reliability.md`: a console or a log that cannot be written is
//! one warning and a count, and the service goes on.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test target; a test fails by panicking"
)]

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use client::Connection;
use launch::Stream;
use proto::Reply;
use rustix::process::{Pid, Signal, kill_process};

const BOTH: [&str; 2] = ["single-server", "threaded-server"];
/// How long anything may take before a test gives it up as hung.
const HUNG: Duration = Duration::from_secs(60);

fn connect(address: &str) -> Connection {
    Connection::open(address, HUNG).unwrap()
}

fn is_served(connection: &mut Connection) -> bool {
    connection.request(&["PING"]).unwrap() == Reply::Simple(b"PONG".to_vec())
}

/// One test at a time, and a program of its own: a child that another test is just
/// starting holds a copy of every pipe until it runs its program, and a pipe with a
/// reader can be written.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Killed when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(name: &str, listen: &str, stdout: Stdio) -> Running {
    let child = Command::new(fixture::program(name))
        .args(["--listen", listen])
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    Running(child)
}

/// Stops the server in order, and gives back its exit status and its warnings.
fn stop(mut server: Running) -> (Option<i32>, Vec<String>) {
    let pid = Pid::from_child(&server.0);
    kill_process(pid, Signal::TERM).unwrap();
    let mut warnings = String::new();
    server
        .0
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut warnings)
        .unwrap();
    let status = server.0.wait().unwrap();
    (status.code(), warnings.lines().map(str::to_owned).collect())
}

#[test]
fn a_log_on_a_full_disk_is_warned_of_once_and_counted() {
    let _alone = alone();
    for name in BOTH {
        let mut server = fixture::start(name, &["--log", "/dev/full"]);
        for _ in 0..3 {
            assert!(
                is_served(&mut connect(&server.address().to_string())),
                "{name}"
            );
        }
        assert_eq!(server.stop(HUNG).unwrap().code(), Some(0), "{name}");
        let warnings = server.lines(Stream::Stderr);
        assert_eq!(warnings.len(), 2, "{name}: {warnings:?}");
        assert!(
            warnings[0].contains("the log can't be written"),
            "{warnings:?}"
        );
        assert!(
            warnings[1].contains("0 console lines and 3 log lines were lost"),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_console_whose_reader_has_left_does_not_end_the_service() {
    let _alone = alone();
    for name in BOTH {
        let mut server = start(name, "127.0.0.1:0", Stdio::piped());
        let mut first = String::new();
        // Dropped at the end of this statement: its reader has left.
        BufReader::new(server.0.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let address = first.trim().strip_prefix("listening on ").unwrap();
        for _ in 0..3 {
            assert!(is_served(&mut connect(address)), "{name}");
        }
        let (status, warnings) = stop(server);
        assert_eq!(status, Some(0), "{name}: {warnings:?}");
        assert_eq!(warnings.len(), 2, "{name}: {warnings:?}");
        assert!(
            warnings[0].contains("standard output can't be written"),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_console_on_a_full_disk_does_not_end_the_service() {
    let _alone = alone();
    for name in BOTH {
        // Its first line is lost as well, so that the port must be known beforehand.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut server = start(name, &address, full.into());
        let mut connection = loop {
            match Connection::open(&address, HUNG) {
                Ok(connection) => break connection,
                Err(error) => {
                    let ended = server.0.try_wait().unwrap();
                    assert!(ended.is_none(), "{name} ended with {ended:?}: {error}");
                }
            }
        };
        assert!(is_served(&mut connection), "{name}");
        drop(connection);
        let (status, warnings) = stop(server);
        assert_eq!(status, Some(0), "{name}: {warnings:?}");
        assert!(
            warnings[0].contains("standard output can't be written"),
            "{warnings:?}"
        );
    }
}

#[test]
fn without_a_standard_error_nothing_is_lost_but_warnings() {
    let _alone = alone();
    for name in BOTH {
        let mut server = start(name, "127.0.0.1:0", Stdio::piped());
        drop(server.0.stderr.take());
        let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on ").unwrap();
        let mut page = connect(address);
        page.send(b"POST / HTTP/1.1\r\n").unwrap(); // which is warned of
        assert!(page.receive().is_err());
        assert!(is_served(&mut connect(address)), "{name}");
    }
}
