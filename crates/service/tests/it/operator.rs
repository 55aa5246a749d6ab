//! Behaviour 20 of `docs/reliability.md`: where a person answers, a client that has
//! closed its side still gets the answer, and one that has gone holds up nobody.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::talking::{BOTH, HUNG};

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
