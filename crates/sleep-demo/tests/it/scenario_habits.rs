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
