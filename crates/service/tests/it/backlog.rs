//! The backlog: how many clients wait before accept, and what the next one meets.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::talking::{BOTH, HUNG, SINGLE, ask, connect, pong, run, text};

/// How long a client tries to get into a full backlog. Nothing passes by being quicker:
/// nobody accepts meanwhile.
const TRY: Duration = Duration::from_millis(300);

#[cfg(target_os = "linux")]
#[test]
fn a_full_backlog_lets_one_more_than_its_number_connect_and_the_next_hang() {
    let server = fixture::start(SINGLE, &["--backlog", "2"]);
    let mut served = connect(&server);
    assert_eq!(ask(&mut served, "PING"), pong());
    let mut waiting: Vec<TcpStream> = Vec::new();
    let full = loop {
        match TcpStream::connect_timeout(&server.address(), TRY) {
            Ok(mut stream) => {
                stream.write_all(b"PING\r\n").unwrap();
                waiting.push(stream);
            }
            Err(error) => break error,
        }
    };
    assert_eq!(full.kind(), ErrorKind::TimedOut);
    assert_eq!(
        waiting.len(),
        3,
        "Linux lets in one more than was asked for"
    );
    drop(served);
    for mut stream in waiting {
        stream.set_read_timeout(Some(HUNG)).unwrap();
        let mut reply = [0; 7];
        stream.read_exact(&mut reply).unwrap();
        assert_eq!(&reply, b"+PONG\r\n");
    }
}

#[test]
fn a_backlog_that_is_no_number_is_one_line() {
    for name in BOTH {
        for wrong in ["-1", "some", "70000", ""] {
            let program = fixture::program(name);
            let flag = format!("--backlog={wrong}");
            let output = run(program.to_str().unwrap(), &[&flag], "");
            assert_eq!(output.status.code(), Some(2), "{flag}: {output:?}");
            assert!(text(&output.stderr).contains("0 to 65535"), "{output:?}");
        }
    }
}
