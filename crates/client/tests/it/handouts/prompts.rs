//! What a prompt does with bad input, and with a server that goes away.

use super::terminal::Terminal;

#[test]
fn bad_input_is_explained_and_asked_again() {
    let server = fixture::start("threaded-server", &[]);
    let mut client = Terminal::client(server.address(), &[]);
    client.see("> ");
    client.type_line("ECHO 'open");
    client.see("quote");
    client.see("> ");
    client.type_line("DANCE");
    client.see("-ERR unknown command 'DANCE'");
    client.see("> ");
    client.type_line("RUN false");
    client.see("exit status 1\n");
    client.see("> ");
    client.type_line("");
    client.see("> ");
    client.type_line("QUIT");
    client.see("OK\n");
    assert_eq!(client.end().0, 0);
}

#[test]
fn a_server_that_goes_away_is_one_line_and_exit_255() {
    for flags in [&[][..], &["--keep"], &["--chat"], &["--chat", "Hello"]] {
        let mut server = fixture::start("threaded-server", &[]);
        let mut client = Terminal::client(server.address(), flags);
        client.see(if flags.len() == 2 { "(y/n)? " } else { "> " });
        server.kill().unwrap();
        client.type_line(if flags.len() == 2 { "y" } else { "PING" });
        let (status, shown) = client.end();
        assert_eq!(status, 255, "{flags:?}");
        let complaints: Vec<_> =
            shown.lines().filter(|l| l.contains("client: ")).collect();
        assert_eq!(complaints.len(), 1, "{shown}");
    }
}
