//! Handout 3: a person at the server answers.

use super::{terminal::Terminal, transcript::hold};

/// The end of what the server shows when it asks the operator.
const ASKED: &str = "(a single dot ends it):\n";

#[test]
fn the_operator_answers_each_client_and_a_dot_ends_it() {
    let (mut server, address) = Terminal::server("threaded-server", &["--operator"]);
    let mut one = Terminal::client(&address, &["--chat"]);
    one.see("> ");
    one.type_line("Is the exam on Friday?");
    server.see(ASKED);
    server.type_line("Yes, at ten.");
    one.see("answer: Yes, at ten.\n");
    one.see("> ");
    server.see("-> Yes, at ten. in ");
    let mut two = Terminal::client(&address, &["--chat"]);
    two.see("> ");
    two.type_line("Which room?");
    server.see(ASKED);
    server.type_line("B 12");
    two.see("answer: B 12\n");
    two.see("> ");
    two.type_line("Thanks");
    server.see(ASKED);
    server.type_line(".");
    two.see("answer: Bye\n");
    let (status, shown_two) = two.end();
    assert_eq!(status, 0, "the operator's dot ends the client");
    server.see("client-2 closed");
    one.type_line(".");
    let (status, shown_one) = one.end();
    assert_eq!(status, 0, "the client's dot does too");
    server.see("client-1 closed");
    server.press_control('c');
    let (status, shown) = server.end();
    assert_eq!(status, 0);
    hold("operator: terminal 1", &address, &shown);
    hold("operator: terminal 2", &address, &shown_one);
    hold("operator: terminal 3", &address, &shown_two);
}

#[test]
fn while_one_client_is_answered_no_other_may_ask() {
    let (mut server, address) = Terminal::server("threaded-server", &["--operator"]);
    let mut clients = Vec::new();
    for number in 0..4 {
        let mut client = Terminal::client(&address, &["--chat"]);
        client.see("> ");
        client.type_line(&format!("question {number}"));
        clients.push(client);
    }
    for _ in 0..4 {
        let before = server.see(ASKED);
        assert_eq!(before.matches("says: question").count(), 1, "{before}");
        let (_, number) = before.rsplit_once("question ").unwrap();
        let number: usize = number[..1].parse().unwrap();
        server.type_line(&format!("answer {number}"));
        // The others wait: no prompt of theirs comes in between.
        clients[number].see(&format!("answer: answer {number}\n"));
    }
}

#[test]
fn a_client_that_left_while_it_waited_is_reported_and_not_answered() {
    for program in ["single-server", "threaded-server"] {
        let (mut server, address) = Terminal::server(program, &["--operator"]);
        let mut one = Terminal::client(&address, &["--chat"]);
        one.see("> ");
        one.type_line("Anybody there?");
        server.see("says: Anybody there?\n");
        one.press_control('c');
        assert_eq!(one.end().0, 128 + 2);
        server.see("has left without waiting");
        let mut two = Terminal::client(&address, &["--chat"]);
        two.see("> ");
        two.type_line("And now?");
        server.see("says: And now?\n");
        server.type_line("Yes.");
        two.see("answer: Yes.\n");
    }
}

#[test]
fn what_was_typed_for_a_client_that_left_goes_to_nobody() {
    for program in ["single-server", "threaded-server"] {
        let (mut server, address) = Terminal::server(program, &["--operator"]);
        let mut one = Terminal::client(&address, &["--chat"]);
        one.see("> ");
        one.type_line("Which mark have I got?");
        server.see(ASKED);
        server.type_without_enter("F, sorry Ann");
        one.press_control('c');
        server.see("what was typed for it is dropped\n");
        let mut two = Terminal::client(&address, &["--chat"]);
        two.see("> ");
        two.type_line("And I?");
        server.see(ASKED);
        server.type_line(""); // Enter alone is no answer
        server.type_line("A");
        assert_eq!(
            two.see("answer: A\n").matches("answer").count(),
            0,
            "{program}"
        );
    }
}

#[test]
fn a_line_that_was_typed_before_a_question_does_not_answer_it() {
    let (mut server, address) = Terminal::server("threaded-server", &["--operator"]);
    server.type_line("F, sorry Ann");
    let mut client = Terminal::client(&address, &["--chat"]);
    client.see("> ");
    client.type_line("Which mark have I got?");
    server.see("what you typed before this question was not sent: F, sorry Ann\n");
    server.see(ASKED);
    server.type_line("A");
    assert_eq!(client.see("answer: A\n").matches("answer").count(), 0);
}

#[test]
fn a_question_shows_at_once_although_another_is_being_answered() {
    let (mut server, address) = Terminal::server("threaded-server", &["--operator"]);
    let questions = ["first", "second", "third"];
    let mut clients = questions.map(|question| {
        let mut client = Terminal::client(&address, &["--chat"]);
        client.see("> ");
        client.type_line(question);
        let shown = format!(
            "{}: {question}\n",
            if question == "first" {
                "says"
            } else {
                "also asks"
            }
        );
        server.see(&shown);
        client
    });
    // They are answered in the order in which they asked. What is typed before a question
    // is asked is no answer to it.
    for (client, question) in clients.iter_mut().zip(questions) {
        if question != "first" {
            server.see(&format!("says: {question}\n"));
        }
        server.type_line("Yes.");
        client.see("answer: Yes.\n");
    }
}

#[test]
fn a_client_that_leaves_while_others_are_answered_is_not_asked_about() {
    let (mut server, address) = Terminal::server("threaded-server", &["--operator"]);
    let mut clients = ["first", "second"].map(|question| {
        let mut client = Terminal::client(&address, &["--chat"]);
        client.see("> ");
        client.type_line(question);
        server.see(&format!(": {question}\n"));
        client
    });
    server.type_without_enter("Ye");
    clients[1].press_control('c');
    server.see("has left without waiting for an answer\n");
    server.type_line("s.");
    clients[0].see("answer: Yes.\n");
}

#[test]
fn a_stop_leaves_the_operator_time_to_answer() {
    for program in ["single-server", "threaded-server"] {
        let (mut server, address) = Terminal::server(program, &["--operator"]);
        let mut client = Terminal::client(&address, &["--chat"]);
        client.see("> ");
        client.type_line("Is it over?");
        server.see(ASKED);
        server.press_control('c');
        while std::net::TcpStream::connect(&address).is_ok() {
            std::thread::yield_now();
        }
        server.type_line("Yes.");
        client.see("answer: Yes.\n");
        server.see("1 requests = 1 answered + 0 aborted");
        assert_eq!(server.end().0, 0, "{program}");
    }
}

#[test]
fn a_client_that_still_waits_when_the_grace_ends_is_told_so() {
    let flags = ["--operator", "--grace", "1ms"];
    let (mut server, address) = Terminal::server("threaded-server", &flags);
    let mut client = Terminal::client(&address, &["--chat"]);
    client.see("> ");
    client.type_line("Anybody there?");
    server.see(ASKED);
    server.press_control('c');
    client.see("server is stopping");
    server.see("1 requests = 0 answered + 1 aborted");
    assert_eq!(server.end().0, 0);
}

#[test]
fn the_operator_may_be_a_pipe() {
    let mut server = std::process::Command::new(fixture::program("threaded-server"));
    let mut server = server
        .args(["--listen", "127.0.0.1:0", "--operator", "--quiet"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut shown = std::io::BufReader::new(server.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut shown, &mut first).unwrap();
    let address = first.trim_start_matches("listening on ").trim().to_owned();
    let mut answers = server.stdin.take().unwrap();
    std::io::Write::write_all(&mut answers, b"One.\nTwo.\n").unwrap();
    drop(answers);
    let mut client = assert_cmd::Command::new(fixture::program("client"));
    let assert = client
        .args(["--connect", &address, "--chat"])
        .write_stdin("a\nb\nc\n")
        .assert();
    server.kill().unwrap();
    server.wait().unwrap();
    let two = predicates::str::contains("answer: Two.\n");
    assert
        .code(1)
        .stdout(two)
        .stderr("-ERR the operator has left\n");
}
