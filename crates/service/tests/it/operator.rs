//! Behaviour 20 of `docs/reliability.md`: where a person answers, a client that has
//! closed its side still gets the answer, and one that has gone holds up nobody.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    talking::{BOTH, HUNG, THREADED, ask, pong},
    unread_console::terminal,
};
use rustix::process::{Pid, Signal, kill_process};

/// A server and the person at it; killed when dropped.
struct Desk {
    server: Child,
    types: ChildStdin,
    sees: BufReader<ChildStdout>,
    address: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Desk {
    fn open(name: &str) -> Self {
        let mut server = Command::new(fixture::program(name))
            .args(["--listen", "127.0.0.1:0", "--operator"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut desk = Self {
            types: server.stdin.take().unwrap(),
            sees: BufReader::new(server.stdout.take().unwrap()),
            server,
            address: String::new(),
        };
        desk.address = desk.see("listening on ").trim()[13..].to_owned();
        desk
    }

    /// The next line that holds this.
    fn see(&mut self, text: &str) -> String {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(self.sees.read_line(&mut line).unwrap(), 0, "no {text}");
        }
        line
    }

    fn say(&mut self, text: &str) -> TcpStream {
        let mut client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(HUNG)).unwrap();
        client
            .write_all(format!("SAY {text}\r\n").as_bytes())
            .unwrap();
        client
    }
}

#[test]
fn a_client_that_has_closed_its_side_gets_the_answer() {
    for name in BOTH {
        let mut desk = Desk::open(name);
        let mut client = desk.say("early");
        client.shutdown(Shutdown::Write).unwrap();
        desk.see("says: early");
        desk.see("your answer");
        writeln!(desk.types, "here it is").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "$10\r\nhere it is\r\n", "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_has_gone_does_not() {
    for name in BOTH {
        let mut desk = Desk::open(name);
        let gone = desk.say("first");
        desk.see("says: first");
        drop(gone);
        desk.see("has left without waiting");
        let mut next = desk.say("second");
        desk.see("says: second");
        writeln!(desk.types, "yes").unwrap();
        next.read_exact(&mut [0; 9]).unwrap();
    }
}

/// The server that a shell with a terminal has started with `&`; killed when dropped.
struct InBackground {
    shell: Child,
    server: Option<Pid>,
}

impl Drop for InBackground {
    fn drop(&mut self) {
        let _ = self.server.map(|pid| kill_process(pid, Signal::KILL));
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// How often a thread of the server has gone to sleep.
fn sleeps(server: Pid, thread: &str) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.as_raw_nonzero())).unwrap();
    let status = tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("status")).ok())
        .find(|status| status.contains(&format!("Name:\t{thread}\n")))
        .expect(thread);
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.unwrap().trim().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_in_the_background_does_not_read_the_terminal_and_is_not_stopped_for_it() {
    if !fixture::has("setsid") {
        return;
    }
    let (terminal, screen) = terminal();
    let script = "set -m; \"$0\" --listen 127.0.0.1:0 --operator & echo \"pid $!\"; wait";
    let mut shell = Command::new("setsid")
        .args(["-c", "bash", "-c", script])
        .arg(fixture::program(THREADED))
        .stdin(screen)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(shell.stdout.take().unwrap()).lines();
    let mut background = InBackground {
        shell,
        server: None,
    };
    let mut address = None;
    while background.server.is_none() || address.is_none() {
        let line = lines.next().unwrap().unwrap();
        if let Some(pid) = line.strip_prefix("pid ") {
            background.server = Pid::from_raw(pid.parse().unwrap());
        }
        address = address.or(line.strip_prefix("listening on ").map(str::to_owned));
    }
    let (server, address) = (background.server.unwrap(), address.unwrap());
    let mut client = TcpStream::connect(&address).unwrap();
    client.write_all(b"SAY hi\r\n").unwrap();
    let is_asked =
        |line: &std::io::Result<String>| line.as_ref().unwrap().contains("says: hi");
    assert!(lines.any(|line| is_asked(&line)));
    (&terminal).write_all(b"typed for the shell\n").unwrap();
    // It looks at the terminal twice more, and would be stopped if it read there.
    let before = sleeps(server, "client-1");
    let give_up_at = Instant::now() + HUNG;
    while sleeps(server, "client-1") < before + 2 {
        assert!(Instant::now() < give_up_at, "the server stands still");
        thread::sleep(Duration::from_millis(10));
    }
    let mut bystander = client::Connection::open(address, HUNG).unwrap();
    assert_eq!(ask(&mut bystander, "PING"), pong());
}
