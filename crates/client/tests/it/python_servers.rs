//! The servers in Python keep the contract, and answer byte for byte what the Rust ones
//! do.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use client::{Connection, Next, Reply};
use launch::{Launch, Server};

/// Long enough for a machine that is busy; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);
const BOTH: [&str; 2] = ["single", "threaded"];

fn python(kind: &str, flags: &[&str]) -> Server {
    let script = format!("demos/python/{kind}_server.py");
    Launch::new("python3")
        .arg("-B") // no folder of compiled files beside the sources
        .arg(fixture::workspace().join(script))
        .args(["--listen", "127.0.0.1:0"])
        .args(flags)
        .announce_within(PATIENCE)
        .start()
        .unwrap()
}

fn open(server: &Server) -> Connection {
    Connection::open(server.address().to_string(), PATIENCE).unwrap()
}

/// All that a server answers to these bytes and to the half-close after them.
fn answer(server: &Server, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that has read enough may have closed.
    let _ = stream.write_all(request);
    let _ = stream.shutdown(Shutdown::Write);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes.escape_ascii().to_string()
}

/// What the two languages must agree on.
fn requests() -> Vec<Vec<u8>> {
    let mut requests: Vec<Vec<u8>> = REQUESTS.iter().map(|text| text.to_vec()).collect();
    requests.push([b"ECHO ", [b'x'; 70_000].as_slice(), b"\r\n"].concat());
    requests.push([b"*1\r\n$1", [b'0'; 70_000].as_slice()].concat());
    requests.push([b"*", [b'1'; 70_000].as_slice()].concat());
    requests.push([b"ECHO", " x".repeat(2_000).as_bytes(), b"\r\n"].concat());
    requests.push([b"*2\r\n$4\r\nECHO\r\n$70000\r\n", [0; 70_002].as_slice()].concat());
    requests
}

const REQUESTS: &[&[u8]] = &[
    b"",
    b"\r\n\n  \nPING\r\n",
    b"PING\nping hi\r\nPING a b\n",
    b"ECHO \"a\\x41\\n\\xZZ\\\"\" \r\nECHO 'it\\'s \\n'\r\nECHO a\"b\"\r\n",
    b"\t\x0b\x0c ECHO \x0ba\x0b\r\n",
    b"ECHO 'a\r\nPING\r\n",
    b"ECHO \"a\"b\r\nPING\r\n",
    b"ECHO 'a'\"b\"\r\n",
    b"ECHO a\0b\r\n",
    b"*2\r\n$4\r\nECHO\r\n$4\r\na\r\nb\r\nPING\r\n",
    b"*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n",
    b"*0\r\n*-1\r\n*-5\r\nPING\r\n",
    b"*-0\r\nPING\r\n",
    b"*+1\r\nPING\r\n",
    b"*01\r\nPING\r\n",
    b"*\r\nPING\r\n",
    b"*abc\r\nPING\r\n",
    b"*1025\r\nPING\r\n",
    b"*1\r\n:4\r\nPING\r\n",
    b"*1\r\n\r\n",
    b"*1\r\n$-1\r\n",
    b"*1\r\n$1048577\r\n",
    b"*1\r\n$99999999999999999999\r\n",
    b"*1\r\n$4\r\nPI",
    b"*1\r\n$0\r\n\r\n",
    b"*1\n$4\nPING\n",
    b"nope a 'b c'\r\nECHO\r\nPING\r\n",
    b"SLEEP abc\r\nSLEEP 0.01\r\nSLEEP \"1ms 1us\"\r\nSLEEP -1\r\nSLEEP .\r\n",
    b"PRIMES 1000\r\nPRIMES 0\r\nPRIMES -1\r\nPRIMES 10000001\r\nPRIMES x\r\n",
    b"INCR a\r\nINCRBY a 41\r\nGET a\r\nGET b\r\nINCRBY a x\r\nINCRBY a \
        9223372036854775807\r\n",
    b"MEET 1\r\nMEET 0\r\nMEET 1001\r\nMEET 2\r\n",
    b"SAY hello there\r\nSAY\r\n",
    b"RUN echo a 'b c'\r\nRUN false\r\nRUN true\r\nRUN /bin/echo\r\nRUN date -s \
        x\r\nRUN hostname ''\r\n",
    b"RUN sleep 0\r\nRUN pwd\r\nRUN rm\r\nRUN echo a\0b\r\n",
    b"HELLO 4\r\nHELLO x\r\n",
    b"TIMED\r\nPING\r\n",
    b"QUIT\r\nPING\r\n",
    b"quit now\r\n",
    b"PING\r\nPOST / HTTP/1.1\r\nPING\r\n",
    b"host: here\r\nPING\r\n",
];

#[test]
fn python_answers_what_rust_answers() {
    if !fixture::has("python3") {
        return;
    }
    let flags = ["--quiet", "--meet-timeout", "50ms"];
    let rust = fixture::start("threaded-server", &flags);
    for kind in BOTH {
        let server = python(kind, &["--quiet", "--meet-timeout", "0.05"]);
        for (number, request) in requests().into_iter().enumerate() {
            // Counters of its own for each server: the Rust one is asked twice.
            let named = |text: &[u8]| {
                let name = format!("INCR {kind}{number}");
                let text = String::from_utf8_lossy(text).replace("INCR a", &name);
                text.replace("BY a", &format!("BY {kind}{number}"))
                    .replace("GET a", &format!("GET {kind}{number}"))
                    .into_bytes()
            };
            let request = if request.contains(&b'I') {
                named(&request)
            } else {
                request
            };
            let shown = request[..request.len().min(100)].escape_ascii();
            assert_eq!(
                answer(&server, &request),
                answer(&rust, &request),
                "{kind}: {shown}"
            );
        }
    }
}

#[test]
fn only_the_threaded_one_lets_two_clients_meet() {
    if !fixture::has("python3") {
        return;
    }
    let alone = Reply::error("TIMEOUT only 1 of 2 clients met");
    let met = Reply::Simple(b"MET".to_vec());
    for (kind, timeout, expected) in [("single", "0.05", alone), ("threaded", "60", met)]
    {
        let server = python(kind, &["--meet-timeout", timeout]);
        let mut clients = [open(&server), open(&server)];
        for client in &mut clients {
            client.send(b"MEET 2\r\nQUIT\r\n").unwrap();
        }
        for client in &mut clients {
            assert_eq!(client.receive().unwrap(), expected, "{kind}");
        }
    }
}

#[test]
fn a_stop_answers_what_was_sent_and_exits_0() {
    if !fixture::has("python3") {
        return;
    }
    let ways: [fn(&Server); 2] = [Server::terminate, Server::interrupt];
    for kind in BOTH {
        for way in ways {
            let mut server = python(kind, &[]);
            let mut client = open(&server);
            client.request(&["PING"]).unwrap();
            client.send(b"SLEEP 200ms\r\nECHO last\r\n").unwrap();
            way(&server);
            assert_eq!(client.receive().unwrap(), Reply::ok(), "{kind}");
            assert_eq!(client.receive().unwrap(), Reply::text("last"), "{kind}");
            assert_eq!(client.next_within(PATIENCE), Next::End);
            assert!(server.wait(PATIENCE).unwrap().success());
        }
    }
}

#[test]
fn processes_serve_side_by_side_share_no_counter_and_stop_in_order() {
    if !fixture::has("python3") {
        return;
    }
    let mut server = python("process", &[]);
    let mut clients = [open(&server), open(&server)];
    for (client, name) in clients.iter_mut().zip(["client-1", "client-2"]) {
        let timed = client.request(&["TIMED", "INCR", "visits"]).unwrap();
        let Reply::Array(parts) = timed else {
            panic!("{timed:?}");
        };
        assert_eq!(parts[1..], [Reply::text(name), Reply::Integer(1)]);
    }
    let [one, two] = &mut clients;
    one.send(b"SLEEP 200ms\r\nECHO last\r\n").unwrap();
    // The server has begun with it once another request of the same client is not
    // answered.
    two.request(&["PING"]).unwrap();
    server.terminate();
    assert_eq!(one.receive().unwrap(), Reply::ok());
    assert_eq!(one.receive().unwrap(), Reply::text("last"));
    assert_eq!(two.next_within(PATIENCE), Next::End);
    assert!(server.wait(PATIENCE).unwrap().success());
}

#[test]
fn what_cannot_be_served_is_one_line() {
    if !fixture::has("python3") {
        return;
    }
    let first = python("single", &[]);
    let port = first.address().to_string();
    for (address, status, words) in
        [(port.as_str(), 1, "--listen"), ("nowhere", 2, "HOST:PORT")]
    {
        let script = fixture::workspace().join("demos/python/single_server.py");
        let mut second = assert_cmd::Command::new("python3");
        let assert = second
            .arg("-B")
            .arg(script)
            .args(["--listen", address])
            .assert();
        assert.code(status).stderr(predicates::str::contains(words));
    }
}
