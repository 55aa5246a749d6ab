//! What the console shows of a request, before and after it.

use crate::talking::{BOTH, HUNG, ask, ask_alone, connect};
use launch::Stream;

#[test]
fn the_console_shows_the_exit_status_beside_the_output() {
    for name in BOTH {
        let server = fixture::start(name, &[]);
        for (line, shown) in [
            ("RUN echo out", "RUN echo out -> status 0: out\\n in "),
            ("RUN false", "RUN false -> status 1 in "),
            (
                "TIMED RUN echo out",
                "TIMED RUN echo out -> status 0: out\\n in ",
            ),
            ("ECHO out", "ECHO out -> out in "),
        ] {
            ask_alone(&server, line);
            let found =
                server.wait_for_line(Stream::Stdout, HUNG, |at| at.contains(shown));
            assert!(found.is_some(), "no {shown:?} in {:#?}", server.output());
        }
    }
}

#[test]
fn a_request_that_holds_its_thread_is_shown_when_it_begins() {
    for name in BOTH {
        let server = fixture::start(name, &["--grace", "1ms"]);
        let mut client = connect(&server);
        ask(&mut client, "ECHO short");
        client.send(b"TIMED SLEEP 50s\r\n").unwrap();
        let begins = |line: &str| line.ends_with(" begins TIMED SLEEP 50s");
        let found = server.wait_for_line(Stream::Stdout, HUNG, begins);
        assert!(found.is_some(), "{name}: {:#?}", server.output());
        let lines = server.lines(Stream::Stdout);
        assert!(!lines.iter().any(|line| line.contains("begins ECHO")));
    }
}
