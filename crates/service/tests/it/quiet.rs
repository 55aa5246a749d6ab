//! Behaviour 17 of `docs/reliability.md`: what `--quiet` leaves of the console.

use crate::talking::{BOTH, HUNG, ask_alone, connect};
use launch::Stream;

#[test]
fn the_first_line_the_warnings_and_the_summary_stay() {
    for name in BOTH {
        let mut server = fixture::start(name, &["--quiet"]);
        for line in ["PING", "RUN true", "REGISTER Ada s1 ada", "NOPE", "SAY hi"] {
            ask_alone(&server, line);
        }
        let mut page = connect(&server);
        page.send(b"POST / HTTP/1.1\r\n").unwrap();
        assert!(page.receive().is_err());
        server.stop(HUNG).unwrap();
        let lines = server.lines(Stream::Stdout);
        assert_eq!(lines.len(), 2, "{name}: {lines:?}");
        assert_eq!(lines[0], format!("listening on {}", server.address()));
        assert!(
            lines[1].starts_with("stopped: 6 connections"),
            "{}",
            lines[1]
        );
        assert_eq!(server.lines(Stream::Stderr).len(), 1, "{name}");
    }
}

#[test]
fn otherwise_each_request_is_a_line_that_holds_its_words() {
    for name in BOTH {
        let mut server = fixture::start(name, &[]);
        ask_alone(&server, "ECHO \"some words\"");
        ask_alone(&server, "RUN echo other words");
        server.stop(HUNG).unwrap();
        let lines = server.lines(Stream::Stdout);
        for (words, due) in [("ECHO \"some words\"", 1), ("RUN echo other words", 2)] {
            let holding = lines.iter().filter(|line| line.contains(words));
            let (done, begun): (Vec<_>, Vec<_>) =
                holding.partition(|line| line.contains(" -> "));
            assert_eq!(done.len(), 1, "{name}: {words}: {lines:?}");
            // One that may hold its thread is shown when it begins as well.
            assert_eq!(begun.len(), due - 1, "{name}: {words}: {lines:?}");
        }
    }
}
