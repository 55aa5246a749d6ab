//! The handouts' own clients, in Python and without frames, as they are in
//! demos/python/handouts.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

use launch::{Server, Stream};

use super::{PATIENCE, console_shows};

const BOTH: [&str; 2] = ["single-server", "threaded-server"];

/// What the client of a handout prints when `typed` is typed into it.
fn client(handout: u8, port: u16, typed: &str) -> String {
    let script = format!("demos/python/handouts/client_{handout}.py");
    let mut python = assert_cmd::Command::new("python3");
    python.arg("-B").arg(fixture::workspace().join(script));
    let assert = python.arg(port.to_string()).write_stdin(typed).assert();
    String::from_utf8(assert.success().get_output().stdout.clone()).unwrap()
}

fn shown(server: &Server) -> String {
    server.lines(Stream::Stdout).join("\n")
}

#[test]
fn handout_1_gets_the_output_of_each_command() {
    if !fixture::has("python3") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &["--plain", "run"]);
        let typed = "echo hello\nfalse\ntrue\nrm -rf x\nclose\n";
        let printed = client(1, server.address().port(), typed);
        let asked = "command (close ends)? ";
        let answers = ["hello\n", "exit status 1", "exit status 0", "NOPERM 'rm' "];
        for (answer, shown) in answers.iter().zip(printed.split(asked).skip(1)) {
            assert!(shown.starts_with(answer), "{name}: {printed}");
        }
        console_shows(&server, &["RUN echo hello -> status 0: hello\\n in "]);
    }
}

#[test]
fn handout_2_is_greeted_each_time_and_its_message_is_shown() {
    if !fixture::has("python3") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &["--plain"]);
        let printed = client(2, server.address().port(), "y\nn\n");
        let round = "Hello from the server\ncontinue (y/n)? ";
        assert_eq!(printed, round.repeat(2));
        console_shows(&server, &["SAY \"Hello from the client\" -> Hello from"]);
    }
}

#[test]
fn handout_3_is_answered_by_the_operator_who_ends_it_with_a_dot() {
    if !fixture::has("python3") {
        return;
    }
    for name in BOTH {
        let mut server = Command::new(fixture::program(name))
            .args(["--listen", "127.0.0.1:0", "--plain", "--operator"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let port = first.trim().rsplit_once(':').unwrap().1.parse().unwrap();
        let mut types = server.stdin.take().unwrap();
        types.write_all(b"Yes, at ten.\n.\n").unwrap();
        let printed = client(3, port, "Is the exam on Friday?\nThanks\n");
        server.kill().unwrap();
        server.wait().unwrap();
        assert!(printed.contains(" answer: Yes, at ten.\n"), "{printed}");
        assert!(printed.ends_with(" answer: Bye\n"), "{printed}");
    }
}

#[test]
fn handout_4_is_greeted_whatever_it_sends() {
    if !fixture::has("python3") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &["--plain", "--once"]);
        assert_eq!(
            client(4, server.address().port(), ""),
            "Hello from the server\n"
        );
        console_shows(&server, &["SAY hello -> Hello from the server in "]);
        console_shows(&server, &["closed"]);
    }
}

#[test]
fn handout_5_registers_and_an_unfinished_student_is_told_so() {
    if !fixture::has("python3") {
        return;
    }
    for name in BOTH {
        let server = fixture::start(name, &["--plain", "register"]);
        let printed = client(5, server.address().port(), "Ann Lee\ns1234\nannlee\n");
        assert_eq!(printed, "name? student id? GitHub user name? OK\n");
        console_shows(&server, &["REGISTER \"Ann Lee\" s1234 annlee -> OK in "]);
        let refused = answer(&server, b"Bo Li,s5678");
        assert!(
            refused.starts_with("ERR name, student id and GitHub"),
            "{refused}"
        );
    }
}

/// All that is answered to these bytes, and to the end behind them.
fn answer(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn any_bytes_are_answered_and_a_line_gets_a_line() {
    for name in BOTH {
        let server = fixture::start(name, &["--plain"]);
        for (bytes, greetings) in [
            (&b"hello"[..], "Hello from the server"),
            (b"hello\n", "Hello from the server\n"),
            (b"\xff\0\x01", "Hello from the server"),
            (b"*1\r\n", "Hello from the server\n"),
            (
                b"HELLO 3\none more",
                "Hello from the server\nHello from the server",
            ),
            (b"", ""),
        ] {
            let shown = bytes.escape_ascii();
            assert_eq!(answer(&server, bytes), greetings, "{name}: {shown}");
        }
    }
}

#[test]
fn a_message_without_an_end_is_answered_although_its_client_stays() {
    for name in BOTH {
        let server = fixture::start(name, &["--plain", "--greeting", "Good day"]);
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        for _ in 0..2 {
            stream.write_all(b"hello").unwrap();
            let mut greeting = [0; 8];
            stream.read_exact(&mut greeting).unwrap();
            assert_eq!(&greeting, b"Good day", "{name}: {}", shown(&server));
        }
    }
}

#[test]
fn a_web_page_runs_nothing_on_a_plain_server() {
    for (kind, message) in [("run", "echo hello"), ("register", "a,b,c")] {
        let server = fixture::start("threaded-server", &["--plain", kind]);
        let request = format!("POST / HTTP/1.1\r\nHost: x\r\n\r\n{message}\r\n");
        assert_eq!(answer(&server, request.as_bytes()), "", "{kind}");
        let shown = shown(&server);
        assert!(
            !shown.contains("hello") && !shown.contains("registers"),
            "{shown}"
        );
    }
}
