//! What one client sees, the same on both servers: requests as bytes, replies as bytes.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

const SERVERS: [&str; 2] = ["single-server", "threaded-server"];

/// Sends bytes, shuts the write side, and reads to the end: what a half-closed client
/// gets.
fn converse(server: &launch::Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut replies = Vec::new();
    stream.read_to_end(&mut replies).unwrap();
    String::from_utf8_lossy(&replies).into_owned()
}

/// On each server, started with `flags`, every request gets the reply beside it.
fn both_answer(flags: &[&str], table: &[(&str, &str)]) {
    for name in SERVERS {
        let server = fixture::start(name, flags);
        for (request, reply) in table {
            assert_eq!(
                converse(&server, request.as_bytes()),
                *reply,
                "{name}: {request:?}"
            );
        }
    }
}

#[test]
fn each_command_answers_as_the_protocol_says() {
    let echo = (
        "*2\r\n$4\r\nECHO\r\n$5\r\na\r\n\0b\r\n",
        "$5\r\na\r\n\0b\r\n",
    );
    let counting = "INCR a\r\nINCRBY a 41\r\nGET a\r\nGET b\r\n";
    both_answer(
        &[],
        &[
            ("PING\r\n", "+PONG\r\n"),
            ("ping hi\r\n", "$2\r\nhi\r\n"),
            echo,
            ("SLEEP 1ms\r\n", "+OK\r\n"),
            ("SLEEP 0\r\n", "+OK\r\n"),
            ("PRIMES 100\r\n", ":25\r\n"),
            ("MEET 1\r\n", "+MET\r\n"),
            ("SAY hello there\r\n", "$21\r\nHello from the server\r\n"),
            (counting, ":1\r\n:42\r\n:42\r\n:0\r\n"),
            ("QUIT\r\nPING\r\n", "+OK\r\n"),
        ],
    );
}

#[test]
fn what_a_command_refuses_it_refuses_as_the_protocol_says() {
    let refused = [
        (
            "SLEEP 2s",
            "ERR SLEEP takes at most 1s here (the server's --max-sleep)",
        ),
        ("SLEEP x", "ERR invalid duration 'x': try 500ms, 2s or 1m"),
        (
            "PRIMES -1",
            "ERR invalid number '-1': PRIMES takes 0 to 10000000",
        ),
        ("MEET 0", "ERR invalid number '0': MEET takes 1 to 1000"),
        ("INCRBY a x", "ERR value is not an integer or out of range"),
        ("HELLO 4", "NOPROTO unsupported protocol version"),
        (
            "nope",
            "ERR unknown command 'nope', with args beginning with: ",
        ),
        ("GET", "ERR wrong number of arguments for 'get' command"),
    ];
    let table = refused
        .map(|(request, error)| (request.to_owned() + "\r\n", format!("-{error}\r\n")));
    let table = table
        .each_ref()
        .map(|(request, reply)| (request.as_str(), reply.as_str()));
    both_answer(&["--max-sleep", "1s"], &table);
    let overflow = "INCR a\r\nINCRBY a 9223372036854775807\r\n";
    let refused = ":1\r\n-ERR increment or decrement would overflow\r\n";
    both_answer(&[], &[(overflow, refused)]);
}

#[test]
fn run_reports_as_a_shell_would() {
    both_answer(
        &["--allow", "sh"],
        &[
            ("RUN echo hi\r\n", "*3\r\n:0\r\n$3\r\nhi\n\r\n$0\r\n\r\n"),
            ("RUN false\r\n", "*3\r\n:1\r\n$0\r\n\r\n$0\r\n\r\n"),
            (
                "RUN sh -c 'echo no >&2; exit 7'\r\n",
                "*3\r\n:7\r\n$0\r\n\r\n$3\r\nno\n\r\n",
            ),
            (
                "RUN sh -c 'kill -9 $$'\r\n",
                "*3\r\n:137\r\n$0\r\n\r\n$0\r\n\r\n",
            ),
            ("RUN pwd\r\n", "*3\r\n:0\r\n$2\r\n/\n\r\n$0\r\n\r\n"),
            (
                "RUN /bin/date\r\n",
                "-NOPERM '/bin/date' is not on the allowlist (date, echo, false, \
                 hostname, \
                 id, pwd, sh, sleep, true, uname, uptime, whoami)\r\n",
            ),
            (
                "RUN date -s x\r\n",
                "-NOPERM '-s' is not an allowed argument of 'date'\r\n",
            ),
        ],
    );
}

#[test]
fn hello_speaks_both_versions() {
    for name in SERVERS {
        let server = fixture::start(name, &[]);
        let length = name.len();
        let pairs = format!(
            "$6\r\nserver\r\n${length}\r\n{name}\r\n$7\r\nversion\r\n$5\r\n0.1.0\r\n\
             $5\r\nproto\r\n:"
        );
        assert_eq!(
            converse(&server, b"HELLO\r\n"),
            format!("*6\r\n{pairs}2\r\n")
        );
        let twice = converse(&server, b"HELLO 3\r\nHELLO\r\n");
        assert_eq!(twice, format!("%3\r\n{pairs}3\r\n%3\r\n{pairs}3\r\n"));
    }
}

#[test]
fn timed_tells_the_service_time_the_thread_and_the_reply() {
    for (name, thread) in SERVERS.into_iter().zip(["main", "client-1"]) {
        let server = fixture::start(name, &[]);
        let reply = converse(&server, b"TIMED ECHO hi\r\n");
        let (head, rest) = reply.split_at("*3\r\n:".len());
        let (micros, rest) = rest.split_once("\r\n").unwrap();
        assert_eq!(head, "*3\r\n:");
        assert!(micros.parse::<u64>().is_ok(), "{reply:?}");
        assert_eq!(
            rest,
            format!("${}\r\n{thread}\r\n$2\r\nhi\r\n", thread.len())
        );
        let inner = converse(&server, b"TIMED nope\r\n");
        assert!(
            inner
                .ends_with("-ERR unknown command 'nope', with args beginning with: \r\n")
        );
    }
}

#[test]
fn pipelined_requests_are_answered_in_order_and_one_by_one_in_pieces() {
    for name in SERVERS {
        let server = fixture::start(name, &["--quiet"]);
        let requests: String = (0..500).map(|n| format!("ECHO {n}\r\n")).collect();
        let replies = converse(&server, requests.as_bytes());
        let expected: String = (0..500)
            .map(|n| format!("${}\r\n{n}\r\n", n.to_string().len()))
            .collect();
        assert_eq!(replies, expected, "{name}");
    }
}

#[test]
fn a_protocol_error_is_the_last_reply_and_it_arrives() {
    for name in SERVERS {
        let server = fixture::start(name, &[]);
        let mut bytes = b"PING\r\n*1\r\n!\r\n".to_vec();
        // They are never read, and there is no reset for that.
        bytes.extend(std::iter::repeat_n(b'x', 500_000));
        assert_eq!(
            converse(&server, &bytes),
            "+PONG\r\n-ERR Protocol error: expected '$', got '!'\r\n"
        );
        assert_eq!(
            converse(&server, b"PING\r\n"),
            "+PONG\r\n",
            "{name} goes on"
        );
    }
}

#[test]
fn a_browser_gets_nothing() {
    for name in SERVERS {
        let server = fixture::start(name, &[]);
        let page = "PING\r\nPOST / HTTP/1.1\r\nHost: x\r\n\r\nRUN id\r\n";
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(page.as_bytes()).unwrap();
        let mut replies = Vec::new();
        let _ = stream.read_to_end(&mut replies); // an end or a reset
        assert_eq!(replies, b"", "{name}");
        server
            .wait_for_line(launch::Stream::Stderr, Duration::from_secs(60), |line| {
                line.starts_with("warning: closed 127.0.0.1:")
            })
            .unwrap();
    }
}

#[test]
fn once_answers_one_request_a_connection() {
    both_answer(
        &["--once", "--greeting", "Welcome"],
        &[("SAY hi\r\nPING\r\n", "$7\r\nWelcome\r\n")],
    );
}
