//! The mistake of each handout as a server that runs: what its page shows is what
//! happens.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use client::Connection;
use launch::{Server, Stream};

use super::{
    PATIENCE, assert_order, console, console_shows, terminal::Terminal, transcript::hold,
};

/// The names of a server's threads, as the kernel lists them: in the order in which they
/// were started. Their numbers may have begun again in between.
fn threads(server: &Server) -> String {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).unwrap();
    let names = tasks
        .flatten()
        .map(|task| fs::read_to_string(task.path().join("comm")));
    names.map(Result::unwrap_or_default).collect()
}

fn accepted(server: &Server) -> usize {
    let lines = server.lines(Stream::Stdout);
    lines
        .iter()
        .filter(|line| line.contains(" accepted "))
        .count()
}

fn open(server: &Server) -> Connection {
    Connection::open(server.address().to_string(), PATIENCE).unwrap()
}

/// All that a server answers to these pieces, each sent once the one before has arrived.
fn answer(server: &Server, pieces: &[&str]) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    for piece in pieces {
        stream.write_all(piece.as_bytes()).unwrap();
        while unread_by_the_server(&stream) {
            std::thread::yield_now();
        }
    }
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text.replace('\r', "")
}

/// Whether bytes of ours wait to be read at the other end, as the kernel lists its
/// sockets.
fn unread_by_the_server(stream: &TcpStream) -> bool {
    let [ours, theirs] = [stream.local_addr(), stream.peer_addr()]
        .map(|at| format!(":{:04X}", at.unwrap().port()));
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let rows = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut queues =
        rows.filter(|row| row[1].ends_with(&theirs) && row[2].ends_with(&ours));
    queues.any(|row| !row[4].ends_with(":00000000"))
}

#[test]
fn the_kernel_lists_the_threads_that_the_page_names() {
    let single = fixture::start("single-server", &[]);
    let threaded = fixture::start("threaded-server", &[]);
    let called = fixture::start("handler-called", &[]);
    for (server, shown, due) in [
        (&single, &["main serves"][..], "single-server\nsignals\n"),
        (
            &threaded,
            &["client-1 serves", "client-2 serves"],
            "threaded-server\nsignals\nclient-1\nclient-2\n",
        ),
        (&called, &["main serves"], "handler-called\nsignals\n"),
    ] {
        let _clients = [open(server), open(server)];
        shown.iter().for_each(|line| console_shows(server, &[line]));
        assert_eq!(threads(server), due);
        // A client that waits for the first one to leave is in the backlog: accept has
        // not returned.
        let in_service = due.matches("client-").count().max(1);
        assert_eq!(accepted(server), in_service, "{due}");
    }
}

#[test]
fn handout_1_the_log_names_the_last_command_when_the_first_is_done() {
    let server = fixture::start("rebound-variable", &[]);
    let mut one = open(&server);
    let mut two = open(&server);
    one.send(b"SLEEP 500ms\r\n").unwrap();
    // Its thread runs once the kernel lists two of the client's name.
    while threads(&server).matches("client-1").count() < 2 {
        std::thread::yield_now();
    }
    two.request(&["ECHO", "hello"]).unwrap();
    one.receive().unwrap();
    console_shows(&server, &["client-1 ECHO hello"]);
    console_shows(&server, &["client-2 ECHO hello"]);
    let lines = server.lines(Stream::Stdout);
    let count = |words: &str| lines.iter().filter(|line| line.ends_with(words)).count();
    assert_eq!(
        (count("ECHO hello"), count("SLEEP 500ms")),
        (2, 0),
        "{lines:#?}"
    );
}

#[test]
fn handout_2_the_accept_loop_stands_at_the_lock() {
    let server = fixture::start("lock-before-thread", &[]);
    let address = server.address();
    let mut one = Terminal::client(address, &["--chat", "Hello from one"]);
    one.see("continue (y/n)? ");
    let mut two = Terminal::client(address, &["--chat", "Hello from two"]);
    console_shows(&server, &["accepted", "client-2"]);
    let mut three = open(&server); // connected, which the kernel does for the server
    for _ in 0..2 {
        one.type_line("y");
        one.see("continue (y/n)? ");
    }
    // The second client has no thread, and the third one is not accepted.
    hold("lock: threads", address, &threads(&server));
    assert_eq!(accepted(&server), 2);
    for client in [&mut one, &mut two] {
        if client.shown().is_empty() {
            client.see("continue (y/n)? ");
        }
        client.type_line("n");
        client.see("Bye\n");
    }
    three.request(&["SAY", "Hello from three"]).unwrap();
    let console = console(server);
    assert_order(
        &console,
        &["(client-2)", "client-1 closed", "client-2 serves"],
    );
    assert_order(&console, &["(client-2)", "client-1 closed", "(client-3)"]);
    // Whether client-2 says that it is served before client-3 is accepted is their race.
    let (until, after) = console.split_once("client-1 closed").unwrap();
    let closed = after.lines().next().unwrap();
    let third = |line: &&str| line.contains("accepted") && line.contains("(client-3)");
    let third = after.lines().find(third).unwrap();
    let shown = format!("{until}client-1 closed{closed}\n...\n{third}");
    hold("lock: terminal 1", address, &shown);
}

#[test]
fn handout_3_the_answer_goes_to_the_client_that_came_last() {
    let server = fixture::start("shared-connection", &[]);
    let address = server.address();
    let [mut ann, mut bo] = [(); 2].map(|()| {
        let mut client = Terminal::client(address, &["--chat"]);
        client.see("> ");
        client
    });
    ann.type_line("Which mark have I got?");
    console_shows(&server, &["SAY Which mark"]);
    bo.type_line("Which room?");
    bo.see("answer: The answer to: Which mark have I got?\n");
    bo.see("> ");
    bo.type_line(".");
    ann.press_control('c');
    let (_, shown) = ann.end();
    assert!(!shown.contains("answer:"), "{shown}");
    hold(
        "shared: terminal 2",
        address,
        shown.trim_end_matches("^C").trim_end(),
    );
    hold("shared: terminal 3", address, &bo.end().1);
}

#[test]
fn handout_4_a_message_in_two_pieces_is_refused_and_two_in_one_get_one_answer() {
    let [wrong, right] =
        ["one-recv", "threaded-server"].map(|name| fixture::start(name, &[]));
    let whole = "$21\nHello from the server\n";
    assert_eq!(answer(&right, &["SAY he", "llo\n"]), whole);
    assert_eq!(answer(&right, &["SAY one\nSAY two\n"]), whole.repeat(2));
    let pieces = answer(&wrong, &["SAY he", "llo\n"]);
    assert!(pieces.contains("-ERR"), "{pieces}");
    let both = answer(&wrong, &["SAY one\nSAY two\n"]);
    assert_eq!(both, "$18\nThe answer to: one\n");
}
