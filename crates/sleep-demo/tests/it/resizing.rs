//! A terminal that changes its size while the chart grows: an emulator that wraps lines
//! anew, as terminals do, shows what an instructor sees.

use std::{
    fs,
    io::Read,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use avt::Terminal;
use client::Connection;
use launch::Server;
use tempfile::TempDir;

/// A waits until the test meets it, so that nothing here depends on the time.
const LESSON: &str = "
title = 't'
lesson = 'l'
minutes = 1
question = 'q'
answer = 'a'
mistake = 'm'
client = [
  { name = 'A', at = '0s', requests = ['MEET 2'] },
  { name = 'B', at = '0s', requests = ['PING'] },
]
";

/// `sleep-demo` in a window of 80×24, and what the window shows.
struct Window {
    folder: TempDir,
    server: Server,
    script: Child,
    terminal: Terminal,
}

impl Window {
    fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("lesson.toml"), LESSON).unwrap();
        let server = fixture::start("threaded-server", &["--meet-timeout", "1h"]);
        let command = format!(
            "stty echo cols 80 rows 24; tty >{}; stty -g >{}; echo '$ sleep-demo'
            {} --connect {} {}; stty -g >{}",
            path("tty"),
            path("before"),
            fixture::program("sleep-demo").display(),
            server.address(),
            path("lesson.toml"),
            path("after"),
        );
        let script = Command::new("script")
            .args(["--quiet", "--return", "--echo", "never", "--command"])
            .args([&command, "/dev/null"])
            .envs([
                ("LC_ALL", "C.UTF-8"),
                ("TERM", "xterm"),
                ("SHELL", "/bin/sh"),
            ])
            .env_remove("COLUMNS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        Self {
            folder,
            server,
            script: script.unwrap(),
            terminal: Terminal::with_scrollback(80, 24, None).unwrap(),
        }
    }

    fn resize(&mut self, columns: usize, rows: usize) {
        let resized = Command::new("stty")
            .args(["-F", self.read("tty").trim()])
            .args(["cols", &columns.to_string(), "rows", &rows.to_string()])
            .status();
        assert!(resized.unwrap().success());
        self.terminal.resize(columns, rows);
    }

    /// Goes on until a frame is whole and the chart's axis is as long as this.
    fn watch_until_axis_is(&mut self, length: usize) {
        while self.axes() != [length] {
            self.watch_a_frame();
        }
    }

    fn watch_a_frame(&mut self) {
        let frame = self.next_frame();
        assert!(!frame.is_empty(), "the end came before: {}", self.shown());
        self.terminal.feed(&frame);
    }

    fn next_frame(&mut self) -> String {
        const END: &[u8] = b"\x1b[?2026l";
        let screen = self.script.stdout.as_mut().unwrap();
        let mut bytes = Vec::new();
        let mut byte = [0];
        while !bytes.ends_with(END) && screen.read(&mut byte).unwrap() == 1 {
            bytes.extend(byte);
        }
        String::from_utf8(bytes).unwrap()
    }

    /// Lets the run end, and sees the rest.
    fn finish(&mut self) {
        let address = self.server.address().to_string();
        let patience = std::time::Duration::from_secs(60);
        let mut other = Connection::open(address, patience).unwrap();
        other.request(&["MEET", "2"]).unwrap();
        loop {
            match self.next_frame() {
                rest if rest.is_empty() => break,
                frame => self.terminal.feed(&frame),
            };
        }
        assert!(self.script.wait().unwrap().success());
    }

    fn lines(&self) -> Vec<String> {
        let lines = self
            .terminal
            .screen()
            .visible_lines()
            .map(|line| line.text());
        lines.map(|line| line.trim_end().to_owned()).collect()
    }

    fn shown(&self) -> String {
        self.lines().join("\n")
    }

    /// How long the axis of each chart on the screen is.
    fn axes(&self) -> Vec<usize> {
        let lines = self.lines();
        let axes = lines.iter().filter(|line| line.ends_with(" served"));
        axes.map(|line| line.chars().count()).collect()
    }

    fn axis_is_cut(&self) -> bool {
        let lines = self.lines();
        let is_axis = lines.first().is_some_and(|line| line.contains(" 0s"));
        is_axis && !self.shown().contains("served")
    }

    fn read(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        fs::read_to_string(path).unwrap()
    }
}

#[test]
fn a_chart_follows_its_window_and_leaves_nothing_of_another_width() {
    if !fixture::has("script") || !fixture::has("stty") {
        return;
    }
    let mut window = Window::open();
    window.watch_until_axis_is(74);
    for (columns, rows, axis) in [(60, 24, 54), (100, 30, 88), (50, 24, 50)] {
        window.resize(columns, rows);
        window.watch_until_axis_is(axis);
        let lines = window.lines();
        let named = lines.iter().filter(|line| line.contains(" B PING"));
        assert_eq!(named.count(), 1, "{columns}: {}", window.shown());
    }
    window.finish();
    assert_eq!(window.axes(), [50], "{}", window.shown());
    assert!(window.shown().contains("waited in all"));
    assert!(window.terminal.cursor().visible);
    assert_eq!(window.read("before"), window.read("after"));
}

#[test]
fn a_window_too_small_for_the_chart_shows_its_start_and_then_all_of_it_again() {
    if !fixture::has("script") || !fixture::has("stty") {
        return;
    }
    let mut window = Window::open();
    window.watch_until_axis_is(74);
    window.resize(40, 3);
    window.watch_until_axis_is(40);
    window.resize(20, 3);
    // Two cut lines and the cursor: had they wrapped, the axis would be gone.
    while !window.axis_is_cut() {
        window.watch_a_frame();
    }
    assert_eq!(window.lines().last().unwrap(), "", "{}", window.shown());
    window.resize(80, 24);
    window.watch_until_axis_is(74);
    let first = window.lines().first().cloned().unwrap();
    assert!(first.ends_with(" served"), "{}", window.shown());
    window.finish();
    assert_eq!(window.axes(), [74], "{}", window.shown());
    assert!(window.terminal.cursor().visible);
    assert_eq!(window.read("before"), window.read("after"));
}
