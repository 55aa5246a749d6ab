//! A server whose console is a pipe, a socket or a terminal that the test has in its hand
//! and does not read.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    os::fd::OwnedFd,
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::talking::{HUNG, ask, pong};
use client::Connection;
use proto::Reply;
use rustix::process::{Pid, Signal, kill_process};

/// More requests than a pipe, a terminal or a socket holds lines of, and the queue too,
/// where each line says as much as [`TEXT`].
const REQUESTS: usize = 6_000;
const TEXT: usize = 500;

/// Killed when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts a server whose console is `write`, and reads its first line from `read`.
    pub(crate) fn start(
        name: &str,
        flags: &[&str],
        write: OwnedFd,
        read: impl Read,
    ) -> Self {
        let child = Command::new(fixture::program(name))
            .args(["--listen", "127.0.0.1:0"])
            .args(flags)
            .stdin(Stdio::null())
            .stdout(write)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(1, read)
            .read_line(&mut first)
            .unwrap();
        let address = first
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { child, address }
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.address, HUNG).unwrap()
    }

    /// Many requests in pipelines, and then one of somebody else.
    pub(crate) fn ask_much(&self) {
        let mut busy = self.connect();
        let request = format!("ECHO {}\r\n", "x".repeat(TEXT));
        for _ in 0..REQUESTS / 100 {
            busy.send(request.repeat(100).as_bytes()).unwrap();
            for _ in 0..100 {
                assert_eq!(busy.receive().unwrap(), Reply::Bulk(vec![b'x'; TEXT]));
            }
        }
        drop(busy);
        assert_eq!(ask(&mut self.connect(), "PING"), pong());
    }

    pub(crate) fn stop(&mut self) -> (ExitStatus, String) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let mut warnings = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut warnings).unwrap();
        (self.child.wait().unwrap(), warnings)
    }

    /// All clients are served, the server ends in order, and says what was lost.
    pub(crate) fn withstands(mut self, loses: bool) {
        self.ask_much();
        let (status, warnings) = self.stop();
        assert_eq!(status.code(), Some(0), "{warnings}");
        let said = warnings.matches("nobody reads standard output").count();
        let counted = warnings.matches("console lines").count();
        assert_eq!(
            (said, counted),
            (usize::from(loses), usize::from(loses)),
            "{warnings}"
        );
    }
}

/// A terminal: what a person sees and types, and what a program gets.
pub(crate) fn terminal() -> (File, File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new())
        .unwrap()
        .into_string()
        .unwrap();
    let screen = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(name)
        .unwrap();
    (terminal.into(), screen)
}
