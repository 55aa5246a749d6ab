//! Mistakes that people make in scenario files by habit: the message says what to write.

use crate::scenario_faults::refused;

#[test]
fn what_an_instructor_writes_by_habit_is_understood() {
    for (rest, what) in [
        (
            "// the clients\n",
            "a comment begins with '#', not with '//'",
        ),
        (
            "[[client]]\nname = “A”\nat = '0s'",
            "'“' is no quote here; write straight ones",
        ),
        (
            "[[client]]\nname = 'A\nB'\nat = '0s'",
            "a text ends on the line on which it begins; write three quotes",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nexpect = {}",
            "'expect' is a table of its own; write [expect.single-server]",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nblocked = ['A']",
            "'blocked' is a key of an [expect.SERVER]; write blocked =",
        ),
        (
            "[[server]]\ncommand = 'x'\nplaces = 1\nhold = '1s'",
            "'hold' is a key of a [[client]]; write hold = \"2s\"",
        ),
        (
            "[[server]]\ncommand = 'x --listen 127.0.0.1:1'\nplaces = 1\n\
             [[client]]\nname = 'A'\nat = '0s'",
            "leave --listen out: the demo gives each server an address of its own",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['TIMED PING']",
            "leave TIMED out: the demo adds it to each request",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = [\"ECHO \"a cup\"\"]",
            "write single quotes around a text with double ones",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['ECHO it's']",
            "the text ends at the quote before this",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING'\n\n\
             [[client]]\nname = 'B'",
            "has no ']' at its end",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ncount = 2 // both",
            "'//' means nothing here; a comment begins with '#'",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\ncount = 2;",
            "';' means nothing here",
        ),
        (
            "[[server]]\ncommand = 'singel-server'\nplaces = 1\n\
             [[client]]\nname = 'A'\nat = '0s'",
            "no program is called 'singel-server'; write 'single-server'",
        ),
        (
            "[[server]]\ncommand = 'x \"y'\nplaces = 1\n\
             [[client]]\nname = 'A'\nat = '0s'",
            "a quote is not closed",
        ),
        (
            "[[server]]\ncommand = ''\nplaces = 1\n[[client]]\nname = 'A'\nat = '0s'",
            "it names no program; write command = \"threaded-server\"",
        ),
        (
            "[[client]]\nname = 'A'\nat = '0s'\n[expect.singel-server]",
            "did you mean 'single-server'?",
        ),
    ] {
        let message = refused(rest);
        assert!(message.contains(what), "{message}");
    }
}

#[test]
fn what_no_run_can_show_is_refused() {
    let client = "[[client]]\nname = 'A'\nat = '0s'\nrequests = ['PING']\n\
                  [[client]]\nname = 'S'\nat = '0s'\nhold = '1s'\n\
                  [expect.single-server]\n";
    for (expect, what) in [
        (
            "lost = true",
            "'lost' is about INCR and INCRBY, and no client sends one",
        ),
        ("in_service = 0", "'in_service' takes 1 or more"),
        (
            "replies = { S = '+PONG' }",
            "this client asks for nothing and gets no reply",
        ),
        (
            "replies = { A = 'PONG' }",
            "a reply begins with its type, as in \"+PONG\"",
        ),
    ] {
        let message = refused(&format!("{client}{expect}"));
        assert!(message.contains(what), "{message}");
    }
    let server = "[[server]]\ncommand = 'x'\nplaces = 'thread'";
    let message = refused(server);
    assert!(
        message.contains("; write places = \"threads\""),
        "{message}"
    );
}
