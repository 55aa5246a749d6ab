//! Behaviour 13 of `docs/reliability.md`: a server takes its port again at once, and says
//! so when somebody else has it.

use std::{io::Write, process::Command};

use crate::talking::{BOTH, HUNG, ask_alone, pong, raw, read_to_the_end};
use launch::{Launch, Server};

fn start_on(name: &str, address: &str) -> Server {
    let program = fixture::program(name);
    Launch::new(program)
        .args(["--listen", address])
        .start()
        .unwrap()
}

#[test]
fn the_port_can_be_taken_again_while_old_connections_wait_to_be_forgotten() {
    for name in BOTH {
        let mut server = start_on(name, "127.0.0.1:0");
        let address = server.address().to_string();
        for _ in 0..5 {
            // The side that closes first is the one that remembers the connection.
            let mut client = raw(&server);
            client.write_all(b"QUIT\r\n").unwrap();
            assert_eq!(read_to_the_end(&mut client).0, "+OK\r\n");
            drop(client);
            assert!(server.stop(HUNG).unwrap().success());
            server = start_on(name, &address);
            assert_eq!(ask_alone(&server, "PING"), pong(), "{name}");
        }
    }
}

#[test]
fn a_port_in_use_is_one_line_with_the_address_and_the_flag() {
    for name in BOTH {
        let server = fixture::start(name, &[]);
        let address = server.address().to_string();
        let program = fixture::program(name);
        let second = Command::new(program)
            .args(["--listen", &address])
            .output()
            .unwrap();
        assert_eq!(second.status.code(), Some(1), "{name}");
        assert_eq!(second.stdout, b"", "{name}");
        let complaint = String::from_utf8(second.stderr).unwrap();
        let expected = format!(
            "{name}: cannot listen on {address}: another program listens there; \
             --listen ADDR chooses another address\n"
        );
        assert_eq!(complaint, expected);
    }
}
