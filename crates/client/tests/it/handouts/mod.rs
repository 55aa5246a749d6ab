//! The five handouts, driven as a person would: at pseudo-terminals, with several clients
//! at once. What is seen is what docs/handouts.md shows.

mod class_roster;
mod command_servers;
mod greeting;
mod operator;
#[cfg(target_os = "linux")] // it looks at /proc
mod own_bugs;
mod prompts;
mod python_clients;
mod terminal;
mod thread_names;
mod three_hosts;
mod transcript;

use std::time::Duration;

use launch::{Server, Stream};

/// Long enough for a machine that is busy; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a console line that holds all of these.
fn console_shows(server: &Server, words: &[&str]) {
    let is_wanted = |line: &str| words.iter().all(|word| line.contains(word));
    let found = server.wait_for_line(Stream::Stdout, PATIENCE, is_wanted);
    assert!(
        found.is_some(),
        "no line with {words:?} in {:#?}",
        server.output()
    );
}

/// Stops a server and gives what its console showed.
fn console(mut server: Server) -> String {
    server.stop(PATIENCE).unwrap();
    server.lines(Stream::Stdout).join("\n")
}

/// In which order these appear on a console.
fn assert_order(console: &str, texts: &[&str]) {
    let mut from = 0;
    for text in texts {
        let found = console[from..].find(text);
        from +=
            found.unwrap_or_else(|| panic!("no {text:?} after {texts:?} in\n{console}"));
    }
}
