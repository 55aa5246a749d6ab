//! Handout 5: a client handler, a print lock and a write lock.

use std::process::{Command, Stdio};

use client::{Connection, Reply};

use super::{PATIENCE, console, console_shows, terminal::Terminal, transcript::hold};

#[test]
fn a_student_is_asked_for_what_the_flags_leave_open() {
    let server = fixture::start("threaded-server", &[]);
    let address = server.address();
    let mut client = Terminal::client(address, &["--register"]);
    client.see("name? ");
    client.type_line("");
    client.see("it must not be empty\n");
    client.see("name? ");
    client.type_line("Ann Lee");
    client.see("student id? ");
    client.type_line("s1234");
    client.see("GitHub user name? ");
    client.type_line("annlee");
    let (status, shown) = client.end();
    assert_eq!(status, 0);
    let mut two = Terminal::client(
        address,
        &[
            "--register",
            "--name",
            "Bo Li",
            "--student-id",
            "s5678",
            "--github",
            "boli",
        ],
    );
    two.see("registered");
    assert_eq!(two.end().0, 0);
    let roster = Terminal::client(address, &["ROSTER"]).end().1;
    console_shows(&server, &["client-3 closed"]);
    hold("register: terminal 1", address, &console(server));
    hold("register: terminal 2", address, &shown);
    hold("register: roster", address, &roster);
}

#[test]
fn ctrl_d_at_a_question_is_no_registration() {
    let server = fixture::start("threaded-server", &[]);
    let mut client = Terminal::client(server.address(), &["--register"]);
    client.see("name? ");
    client.press_control('d');
    let (status, shown) = client.end();
    assert_eq!(status, 255);
    assert!(
        shown.ends_with("client: no name was given: type it, or use the flag\n"),
        "{shown}"
    );
}

#[test]
fn the_lines_of_64_students_who_register_at_once_never_mix() {
    let server = fixture::start("threaded-server", &[]);
    let address = server.address().to_string();
    let client = fixture::program("client");
    let register = |number: usize| {
        let [name, id, github] =
            ["name", "id", "github"].map(|what| format!("{what}-{number}"));
        let mut client = Command::new(&client);
        client.args(["--connect", &address, "--register", "--name", &name]);
        client.args(["--student-id", &id, "--github", &github]);
        client.stdout(Stdio::null()).spawn().unwrap()
    };
    let students: Vec<_> = (0..64).map(register).collect();
    for mut student in students {
        assert!(student.wait().unwrap().success());
    }
    let mut connection = Connection::open(&address, PATIENCE).unwrap();
    let Reply::Array(roster) = connection.request(&["ROSTER"]).unwrap() else {
        panic!("ROSTER is an array")
    };
    assert_eq!(roster.len(), 64);
    drop(connection);
    let console = console(server);
    let lines: Vec<&str> = console.lines().collect();
    for number in 0..64 {
        let name = format!("  name        name-{number}");
        let at = lines.iter().position(|line| *line == name).unwrap();
        assert!(lines[at - 1].ends_with(" registers"), "{}", lines[at - 1]);
        assert_eq!(lines[at + 1], format!("  student id  id-{number}"));
        assert_eq!(lines[at + 2], format!("  GitHub      github-{number}"));
    }
}

#[test]
fn the_roster_outlives_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.json");
    let flags = ["--roster", file.to_str().unwrap()];
    for (server, expected) in [("single-server", 1), ("threaded-server", 2)] {
        let server = fixture::start(server, &flags);
        let address = server.address().to_string();
        let mut connection = Connection::open(address, PATIENCE).unwrap();
        let id = format!("s{expected}");
        connection
            .request(&["REGISTER", "Ann", &id, "ann"])
            .unwrap();
        let Reply::Array(roster) = connection.request(&["ROSTER"]).unwrap() else {
            panic!("ROSTER is an array")
        };
        assert_eq!(roster.len(), expected);
        drop(connection);
        console(server);
    }
}
