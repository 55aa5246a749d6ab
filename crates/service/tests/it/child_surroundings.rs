//! Behaviour 3 of `docs/reliability.md`: what a program that RUN starts gets to see.
#![cfg(target_os = "linux")]

use crate::talking::{BOTH, HUNG, THREADED, connect};
use launch::{Launch, Server, Stream};
use proto::Reply;

fn start() -> Server {
    let allowed = ["env", "cat", "sh"].map(|name| ["--allow", name]).concat();
    Launch::new(fixture::program(THREADED))
        .args(["--listen", "127.0.0.1:0"])
        .args(allowed)
        .env("SECRET", "of the server")
        .env("TZ", "UTC")
        .start()
        .unwrap()
}

/// Status, standard output, standard error.
fn run(server: &Server, words: &[&str]) -> (i64, String, String) {
    let request: Vec<&str> = ["RUN"].iter().chain(words).copied().collect();
    let reply = connect(server).request(&request).unwrap();
    let Reply::Array(parts) = &reply else {
        panic!("{reply:?}")
    };
    let [Reply::Integer(status), Reply::Bulk(out), Reply::Bulk(err)] = &parts[..] else {
        panic!("{reply:?}")
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (*status, text(out), text(err))
}

#[test]
fn the_environment_is_path_language_and_time_zone() {
    let (status, out, _) = run(&start(), &["env"]);
    assert_eq!(status, 0);
    let names: Vec<&str> = out
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["LANG", "PATH", "TZ"], "{out}");
    assert!(
        out.contains("LANG=C\n") && out.contains("TZ=UTC\n"),
        "{out}"
    );
}

#[test]
fn the_folder_is_the_root_and_there_is_no_input() {
    let server = start();
    assert_eq!(run(&server, &["pwd"]), (0, "/\n".into(), String::new()));
    assert_eq!(run(&server, &["cat"]), (0, String::new(), String::new()));
}

#[test]
fn the_process_group_is_its_own() {
    let script = "echo $$; cut -d' ' -f5 /proc/$$/stat";
    let (_, out, _) = run(&start(), &["sh", "-c", script]);
    let ids: Vec<&str> = out.lines().collect();
    assert_eq!(ids.len(), 2, "{out}");
    assert_eq!(ids[0], ids[1], "the group is named after its leader");
}

#[test]
fn no_descriptor_of_the_server_is_passed_on() {
    let server = start();
    let _bystanders: Vec<_> = (0..5).map(|_| connect(&server)).collect();
    let (_, out, _) = run(
        &server,
        &[
            "sh",
            "-c",
            "for fd in /proc/$$/fd/*; do echo ${fd##*/}; done",
        ],
    );
    let mut open: Vec<&str> = out.lines().filter(|fd| fd.len() == 1).collect();
    open.sort_unstable();
    assert_eq!(open[..3], ["0", "1", "2"], "{out}");
    // A shell may hold the folder that it lists open; a server has its socket and more.
    assert!(open.len() <= 4, "{out}");
}

#[test]
fn what_the_server_itself_inherited_is_not_passed_on() {
    for name in BOTH {
        let server = Launch::new("sh")
            .args(["-c", "exec 9</dev/null; exec \"$@\"", "sh"])
            .arg(fixture::program(name))
            .args(["--listen", "127.0.0.1:0", "--allow", "sh"])
            .start()
            .unwrap();
        let script = "[ -e /proc/$$/fd/9 ] && echo passed on";
        let (_, out, _) = run(&server, &["sh", "-c", script]);
        assert_eq!(out, "", "{name}");
    }
}

#[test]
fn both_pipes_are_read_while_the_program_runs() {
    // More than a pipe holds to each stream, first one and then the other, both ways
    // round.
    let flood = |first: &str, second: &str| {
        let write = |to: &str| format!("head -c 300000 /dev/zero >&{to}");
        format!("{}; {}; echo done >&{second}", write(first), write(second))
    };
    let server = start();
    for script in [flood("1", "2"), flood("2", "1")] {
        let (status, out, err) = run(&server, &["sh", "-c", &script]);
        assert_eq!((status, out.len()), (0, 64 * 1024));
        assert!(err.len() > 64 * 1024, "what was cut is said");
    }
}

/// As in `helper & exec server`: the shell's children become the server's.
#[test]
fn what_ran_before_the_server_is_none_of_its_programs() {
    for name in BOTH {
        let server = Launch::new("sh")
            .args(["-c", "sleep 600 & echo \"PID $!\" >&2; exec \"$@\"", "sh"])
            .arg(fixture::program(name))
            .args(["--listen", "127.0.0.1:0"])
            .start()
            .unwrap();
        let is_pid = |line: &str| line.starts_with("PID ");
        let line = server.wait_for_line(Stream::Stderr, HUNG, is_pid).unwrap();
        let stat = format!("/proc/{}/stat", &line[4..]);
        let runs = || std::fs::read_to_string(&stat).is_ok_and(|it| !it.contains(") Z "));
        assert_eq!(run(&server, &["true"]).0, 0, "{name}");
        assert!(runs(), "{name}: RUN has killed it");
    }
}

#[test]
fn programs_run_where_the_signal_of_their_end_was_ignored() {
    for name in BOTH {
        let server = Launch::new("env")
            .arg("--ignore-signal=CHLD")
            .arg(fixture::program(name))
            .args(["--listen", "127.0.0.1:0"])
            .start()
            .unwrap();
        assert_eq!(run(&server, &["echo", "a"]).1, "a\n", "{name}");
    }
}
