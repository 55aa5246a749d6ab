//! A lesson of three clients, and the program that plays it.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

/// A at once, B and C while A is served: nothing that takes its own time on a busy
/// machine.
pub(crate) const LESSON: &str = "
title = 't'
lesson = 'l'
minutes = 1
question = 'q'
answer = 'a'
mistake = 'm'
client = [
    { name = 'A', at = '0s', requests = ['SLEEP 600ms'] },
    { name = 'B', at = '100ms', requests = ['PING'] },
    { name = 'C', at = '200ms', requests = ['PING'] },
]
[expect.single-server]
blocked = ['B', 'C']
[expect.threaded-server]
blocked = []
";

/// The lesson as a file; its folder goes away when this is dropped.
pub(crate) fn lesson() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lesson.toml");
    fs::write(&file, LESSON).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (folder, file)
}

/// `sleep-demo` with these arguments, and servers that are as new as their sources.
pub(crate) fn sleep_demo(arguments: &[&str]) -> Command {
    for server in ["single-server", "threaded-server"] {
        assert!(fixture::program(server).exists());
    }
    let mut command = Command::new(fixture::program("sleep-demo"));
    command
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL");
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    command.env_remove("SLEEP_DEMO_SCENARIOS");
    command
}
