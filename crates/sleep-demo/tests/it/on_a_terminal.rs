//! What only a terminal and a hand at its keys show: the live chart, and Ctrl-C.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use timeline::record::Record;

const LESSON: &str = "
title = 't'
lesson = 'l'
minutes = 1
question = 'q'
answer = 'a'
mistake = 'm'
client = [{ name = 'A', at = '0s', requests = ['SLEEP 1s'] }]
";

const HIDE: &str = "\x1b[?25l";
const SHOW: &str = "\x1b[?25h";

/// `sleep-demo` on a terminal of its own, as `script` makes one; `None` without `script`.
fn on_a_terminal(folder: &Path, arguments: &str) -> Option<Child> {
    if !fixture::has("script") {
        return None;
    }
    let lesson = folder.join("lesson.toml");
    fs::write(&lesson, LESSON).unwrap();
    for server in ["single-server", "threaded-server"] {
        assert!(fixture::program(server).exists());
    }
    let program = fixture::program("sleep-demo");
    let command = format!("{} {} {arguments}", program.display(), lesson.display());
    let child = Command::new("script")
        .args([
            "--quiet",
            "--return",
            "--echo",
            "never",
            "--command",
            &command,
            "/dev/null",
        ])
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm")
        .env_remove("LC_ALL")
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    Some(child.unwrap())
}

/// Reads the screen until `wanted` is on it; all that came so far.
fn read_until(child: &mut Child, wanted: &str) -> String {
    let mut seen = Vec::new();
    let mut byte = [0];
    let screen = child.stdout.as_mut().unwrap();
    while !String::from_utf8_lossy(&seen).ends_with(wanted) {
        assert_eq!(
            screen.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&seen)
        );
        seen.push(byte[0]);
    }
    String::from_utf8(seen).unwrap()
}

fn read_to_end(child: &mut Child) -> String {
    let mut rest = String::new();
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
    rest
}

#[test]
fn the_chart_grows_and_the_last_one_stays_with_the_cursor_restored() {
    let folder = TempDir::new().unwrap();
    let Some(mut child) = on_a_terminal(folder.path(), "") else {
        return;
    };
    let screen = read_to_end(&mut child);
    assert!(child.wait().unwrap().success());
    let (before, after) = screen.rsplit_once(SHOW).unwrap();
    assert!(before.contains(HIDE) && !after.contains(HIDE), "{screen:?}");
    assert!(
        before.contains("the model's prediction"),
        "drawn as foreseen while it ran: {screen:?}"
    );
    let last_frame = before.rsplit("\x1b[?2026h").next().unwrap();
    assert!(last_frame.contains("▄▄"), "{last_frame:?}");
    assert!(
        after.contains("waited in all"),
        "the table follows: {after:?}"
    );
}

#[test]
fn ctrl_c_restores_the_cursor_and_exits_130() {
    let folder = TempDir::new().unwrap();
    let Some(mut child) = on_a_terminal(folder.path(), "--speed 0.02") else {
        return;
    };
    read_until(&mut child, HIDE);
    child.stdin.as_mut().unwrap().write_all(b"\x03").unwrap();
    let rest = read_to_end(&mut child);
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest:?}");
    assert!(rest.contains(SHOW), "{rest:?}");
    assert!(rest.contains("stopped by signal 2"), "{rest:?}");
}

/// `sleep-demo` under a shell with job control.
fn in_a_shell(folder: &Path, arguments: &str) -> rexpect::session::PtyReplSession {
    let lesson = folder.join("lesson.toml");
    fs::write(&lesson, LESSON).unwrap();
    for server in ["single-server", "threaded-server"] {
        assert!(fixture::program(server).exists());
    }
    let mut shell = rexpect::spawn_bash(Some(60_000)).unwrap();
    let program = fixture::program("sleep-demo");
    let (program, lesson) = (program.display(), lesson.display());
    let command = format!("LANG=C.UTF-8 TERM=xterm {program} {lesson} {arguments}");
    shell.send_line(&command).unwrap();
    shell
}

/// A shell that is only dropped gets `quit` to read, which bash does not know, and is
/// then waited for until the time for all its answers is up.
fn end(mut shell: rexpect::session::PtyReplSession) {
    shell.send_line("exit").unwrap();
    shell.exp_eof().unwrap();
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_draws_the_chart_whole() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("run.json");
    let mut shell = in_a_shell(
        folder.path(),
        &format!("--speed 0.2 --json {}", file.display()),
    );
    shell.exp_string(HIDE).unwrap();
    shell.send_control('z').unwrap();
    shell.exp_string(SHOW).unwrap();
    shell.exp_string("Stopped").unwrap();
    shell.send_line("fg").unwrap();
    shell.exp_string(HIDE).unwrap();
    shell.exp_string("single-server").unwrap();
    shell.exp_string("threaded-server").unwrap();
    shell.exp_string(SHOW).unwrap();
    shell.exp_string("waited in all").unwrap();
    shell.exp_string("This run was interrupted").unwrap();
    shell.wait_for_prompt().unwrap();
    end(shell);
    let record = Record::read(&fs::read(file).unwrap()).unwrap();
    let server = &record.runs[0].servers[0];
    assert_eq!(server.suspended.len(), 1, "{:?}", server.late);
}

#[test]
fn ctrl_backslash_restores_the_cursor() {
    let folder = TempDir::new().unwrap();
    let mut shell = in_a_shell(folder.path(), "--speed 0.2; echo status $?");
    shell.exp_string(HIDE).unwrap();
    shell.send_control('\\').unwrap();
    shell.exp_string(SHOW).unwrap();
    shell.exp_string("status 131").unwrap();
    end(shell);
}

#[test]
fn without_live_a_terminal_sees_no_cursor_movement() {
    let folder = TempDir::new().unwrap();
    let Some(mut child) = on_a_terminal(folder.path(), "--no-live --speed 10") else {
        return;
    };
    let screen = read_to_end(&mut child);
    assert!(child.wait().unwrap().success());
    assert!(!screen.contains(HIDE), "{screen:?}");
    let codes = screen.split("\x1b[").skip(1);
    assert!(codes.clone().count() > 0, "coloured");
    for code in codes {
        let letter = code.chars().find(char::is_ascii_alphabetic);
        assert_eq!(letter, Some('m'), "{code:?}");
    }
}
