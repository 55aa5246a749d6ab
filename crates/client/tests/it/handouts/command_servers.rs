//! Handout 1: one client program, a single-threaded and a multithreaded command server.

use std::process::Command;

use super::{assert_order, console, console_shows, terminal::Terminal, transcript::hold};

#[test]
fn on_the_single_server_a_sleep_stalls_the_others_who_are_then_served_in_order() {
    let server = fixture::start("single-server", &[]);
    let address = server.address();
    let [mut one, mut two] = [(); 2].map(|()| Terminal::client(address, &[]));
    one.see("> ");
    two.see("> ");
    one.type_line("RUN sleep 1");
    console_shows(&server, &["main serves"]);
    two.type_line("RUN echo hello");
    one.see("> ");
    two.see("hello\n");
    two.see("> ");
    one.type_line("close");
    two.press_control('d');
    let (status_one, shown_one) = one.end();
    let (status_two, shown_two) = two.end();
    assert_eq!((status_one, status_two), (0, 0));
    let console = console(server);
    assert_order(&console, &["RUN sleep 1 ->", "RUN echo hello ->"]);
    hold("single: terminal 1", address, &by_hand(&console));
    hold("single: terminal 2", address, &by_hand(&shown_one));
    hold("single: terminal 3", address, &shown_two);
}

/// What a person sees, who needs longer than a test to change terminals.
fn by_hand(shown: &str) -> String {
    shown
        .replace("RUN sleep 1", "RUN sleep 10")
        .replace("status 0 in 1.", "status 0 in 10.")
}

#[test]
fn on_the_threaded_server_nobody_stalls() {
    let server = fixture::start("threaded-server", &["--grace", "100ms"]);
    let address = server.address();
    let [mut one, mut two] = [(); 2].map(|()| Terminal::client(address, &[]));
    one.see("> ");
    two.see("> ");
    one.type_line("RUN sleep 50");
    console_shows(&server, &["client-1 serves"]);
    two.type_line("RUN echo hello");
    two.see("hello\n");
    two.see("> ");
    two.type_line(".");
    assert_eq!(two.end().0, 0);
    one.press_control('c');
    let (status, _) = one.end();
    assert_eq!(status, 128 + 2, "Ctrl-C ends a client that waits");
    assert_order(&console(server), &["RUN echo hello ->", "RUN sleep 50 ->"]);
}

#[test]
fn with_keep_the_second_client_of_the_single_server_waits_until_the_first_leaves() {
    let server = fixture::start("single-server", &[]);
    let address = server.address();
    let mut one = Terminal::client(address, &["--keep"]);
    one.see("> ");
    console_shows(&server, &["main serves"]);
    let mut two = Terminal::client(address, &[]);
    two.see("> ");
    two.type_line("ECHO two");
    for number in 0..10 {
        one.type_line(&format!("ECHO one-{number}"));
        one.see(&format!("one-{number}\n"));
    }
    one.see("> ");
    one.type_line("close");
    assert_eq!(one.end().0, 0);
    two.see("two\n");
    two.see("> ");
    two.press_control('d');
    assert_eq!(two.end().0, 0);
    assert_order(&console(server), &["ECHO one-9 ->", "ECHO two ->"]);
}

#[test]
fn the_log_holds_what_the_handout_asks_for() {
    if !fixture::has("jq") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("requests.jsonl");
    let server = fixture::start("threaded-server", &["--log", log.to_str().unwrap()]);
    let address = server.address();
    for request in [
        &["RUN", "date", "-u"][..],
        &["RUN", "false"],
        &["RUN", "rm"],
    ] {
        let mut client = Command::new(fixture::program("client"));
        client
            .args(["--connect", &address.to_string()])
            .args(request);
        client.output().unwrap();
    }
    console(server);
    let document =
        std::fs::read_to_string(fixture::workspace().join("docs/handouts.md")).unwrap();
    for (name, status) in [("log: all", "0"), ("log: failed", "1")] {
        let (_, block) = document.split_once(&format!("<!-- {name} -->")).unwrap();
        let (_, command) = block.split_once("$ ").unwrap();
        let (command, _) = command.split_once('\n').unwrap();
        let mut shell = Command::new("sh");
        let output = shell
            .args(["-c", command])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains(status), "{printed}");
        hold(name, address, &printed);
    }
}
