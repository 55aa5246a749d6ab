//! A lesson of three clients, and the program that plays it.

use std::{
    fs,
    ops::{Deref, DerefMut},
    process::Output,
};

use assert_cmd::{Command, assert::Assert};
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
pub(crate) fn sleep_demo(arguments: &[&str]) -> Demo {
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
    Demo(command)
}

/// The demo on a machine that may stand still: such a run proves nothing of the servers.
pub(crate) struct Demo(Command);

impl Demo {
    /// Plays, and plays again if what was shown may be the machine's doing. What the demo
    /// says of its own second plays is left out.
    pub(crate) fn assert(&mut self) -> Assert {
        const TRIES: usize = 12;
        let mut output = self.0.output().unwrap();
        for _ in 1..TRIES {
            if was_disturbed(&output) {
                output = self.0.output().unwrap();
            }
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let lines = said.split_inclusive('\n');
        let lines: String = lines.filter(|line| !line.contains(ONCE_MORE)).collect();
        output.stderr = lines.into_bytes();
        Assert::new(output)
    }
}

const ONCE_MORE: &str = "; once more";

fn was_disturbed(output: &Output) -> bool {
    let shown = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    shown.contains("kept this program waiting")
        || (said.contains(ONCE_MORE) && !output.status.success())
}

impl Deref for Demo {
    type Target = Command;

    fn deref(&self) -> &Command {
        &self.0
    }
}

impl DerefMut for Demo {
    fn deref_mut(&mut self) -> &mut Command {
        &mut self.0
    }
}
