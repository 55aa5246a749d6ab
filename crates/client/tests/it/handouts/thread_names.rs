//! Handout 2: a greeting, and the names of threads.

use super::{console, console_shows, terminal::Terminal, transcript::hold};

#[test]
fn a_client_says_it_again_until_told_not_to() {
    let server = fixture::start("threaded-server", &[]);
    let address = server.address();
    let mut client = Terminal::client(address, &["--chat", "Hello from the client"]);
    client.see("continue (y/n)? ");
    client.type_line("y");
    client.see("continue (y/n)? ");
    client.type_line("perhaps");
    client.see("please answer y or n\n");
    client.see("continue (y/n)? ");
    client.type_line("n");
    let (status, shown) = client.end();
    assert_eq!(status, 0);
    console_shows(&server, &["client-1 closed"]);
    hold("chat: terminal 1", address, &console(server));
    hold("chat: terminal 2", address, &shown);
}

#[test]
fn two_clients_talk_at_once_to_the_threaded_server() {
    let server = fixture::start("threaded-server", &[]);
    let [mut one, mut two] =
        [(); 2].map(|()| Terminal::client(server.address(), &["--chat", "Hello"]));
    // Both have their answer, and neither has left.
    one.see("Hello from the server\ncontinue (y/n)? ");
    two.see("Hello from the server\ncontinue (y/n)? ");
    for mut client in [one, two] {
        client.press_control('d');
        client.see("Bye\n");
        assert_eq!(client.end().0, 0);
    }
}
