//! The library against servers that are slow, rude, gone or of another kind.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::mpsc,
    time::Duration,
};

use crate::fake_server::FakeServer;
use client::{ClientError, Connection, Reply};

/// Long enough for a machine that is busy; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);
/// For what must time out.
const SHORT: Duration = Duration::from_millis(200);

fn echo() -> FakeServer {
    FakeServer::start(|(_, request)| Some(Reply::Bulk(request.last()?.clone())))
}

fn open(server: &FakeServer, timeout: Duration) -> Connection {
    Connection::open(&server.address, timeout).unwrap()
}

#[test]
fn each_request_gets_its_reply() {
    let server = echo();
    let mut connection = open(&server, PATIENCE);
    for text in ["one", "", "two\r\n\0three"] {
        assert_eq!(
            connection.request(&["ECHO", text]).unwrap(),
            Reply::text(text)
        );
    }
}

#[test]
fn replies_to_pipelined_requests_come_in_order() {
    let server = echo();
    let mut connection = open(&server, PATIENCE);
    connection.send(b"ECHO 1\r\nECHO 2\r\n").unwrap();
    assert_eq!(connection.receive().unwrap(), Reply::text("1"));
    assert_eq!(connection.receive().unwrap(), Reply::text("2"));
    let on_one_connection = [(1, "ECHO 1".to_owned()), (1, "ECHO 2".to_owned())];
    assert_eq!(server.received(), on_one_connection);
}

#[test]
fn an_address_where_nobody_listens_is_named() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = Connection::open(free.to_string(), PATIENCE).unwrap_err();
    assert!(
        matches!(error, ClientError::CannotConnect { .. }),
        "{error}"
    );
    assert!(error.to_string().contains(&free.to_string()));
}

#[test]
fn an_address_without_a_port_is_explained() {
    let error = Connection::open("localhost", PATIENCE).unwrap_err();
    assert!(
        matches!(error, ClientError::UnknownAddress { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("HOST:PORT"));
}

#[test]
fn a_server_that_never_accepts_times_out_the_reply() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let error = Connection::open(address, SHORT)
        .unwrap()
        .request(&["PING"])
        .unwrap_err();
    let what = "waiting for a reply";
    assert!(
        matches!(error, ClientError::TimedOut { what: w, .. } if w == what),
        "{error}"
    );
}

#[test]
fn a_server_that_never_reads_times_out_the_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut connection = Connection::open(address, SHORT).unwrap();
    let error = connection.request(&[vec![b'x'; 64 << 20]]).unwrap_err();
    let what = "sending a request";
    assert!(
        matches!(error, ClientError::TimedOut { what: w, .. } if w == what),
        "{error}"
    );
}

#[test]
fn a_drip_of_bytes_does_not_extend_the_deadline() {
    let server = FakeServer::raw(|mut connection| {
        connection.set_nodelay(true).unwrap();
        let _ = connection.write_all(b"$1000000\r\n");
        while connection.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(2));
        }
    });
    let error = open(&server, SHORT).receive().unwrap_err();
    assert!(matches!(error, ClientError::TimedOut { .. }), "{error}");
}

#[test]
fn a_reply_that_came_too_late_can_still_be_received() {
    let (go, wait) = mpsc::channel::<()>();
    let server = FakeServer::start(move |_| {
        wait.recv().ok()?;
        Some(Reply::ok())
    });
    let mut connection = open(&server, SHORT);
    let error = connection.request(&["PING"]).unwrap_err();
    assert!(matches!(error, ClientError::TimedOut { .. }), "{error}");
    go.send(()).unwrap();
    connection.set_timeout(PATIENCE);
    assert_eq!(connection.receive().unwrap(), Reply::ok());
}

#[test]
fn a_close_says_whether_a_reply_had_begun() {
    for (bytes, begun) in [("", false), ("$5\r\nhel", true)] {
        let server = FakeServer::raw(move |mut connection| {
            connection.write_all(bytes.as_bytes()).unwrap();
        });
        let error = open(&server, PATIENCE).receive().unwrap_err();
        let mid =
            matches!(error, ClientError::Closed { mid_reply, .. } if mid_reply == begun);
        assert!(mid, "{error}");
    }
}

#[test]
fn a_reset_is_a_close() {
    let server = FakeServer::raw(|connection| {
        // Closing with a request unread resets the connection.
        connection.peek(&mut [0]).unwrap();
    });
    let error = open(&server, PATIENCE).request(&["PING"]).unwrap_err();
    assert!(matches!(error, ClientError::Closed { .. }), "{error}");
}

#[test]
fn a_server_of_another_kind_is_recognised() {
    let server = FakeServer::raw(|mut connection| {
        connection
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        connection.shutdown(Shutdown::Write).unwrap();
        let _ = connection.read_to_end(&mut Vec::new());
    });
    let error = open(&server, PATIENCE).request(&["PING"]).unwrap_err();
    assert!(matches!(error, ClientError::BadReply { .. }), "{error}");
}

#[test]
fn a_refusal_is_received_though_the_request_was_not_sent_whole() {
    let server = FakeServer::raw(|mut connection: TcpStream| {
        connection.read_exact(&mut [0; 1000]).unwrap();
        connection.write_all(b"-ERR too big\r\n").unwrap();
    });
    let reply = open(&server, PATIENCE).request(&[vec![b'x'; 64 << 20]]);
    // The reset that follows may overtake the refusal; it must not hang or be another
    // error.
    match reply {
        Ok(reply) => assert_eq!(reply, Reply::error("ERR too big")),
        Err(error) => assert!(matches!(error, ClientError::Closed { .. }), "{error}"),
    }
}
