//! Behaviour 4 of `docs/reliability.md`: a program that RUN starts ends in time, with
//! all that it started.
#![cfg(target_os = "linux")]

use std::{fs, io::Write, net::Shutdown, process::Command, thread, time::Instant};

use crate::talking::{HUNG, THREADED, connect, raw, read_to_the_end};
use launch::Server;
use proto::Reply;

pub(crate) fn start(limit: &str) -> Server {
    fixture::start(THREADED, &["--allow", "sh", "--run-timeout", limit])
}

pub(crate) fn run(server: &Server, script: &str) -> (i64, String, String) {
    let reply = connect(server)
        .request(&["RUN", "sh", "-c", script])
        .unwrap();
    let Reply::Array(parts) = &reply else {
        panic!("{reply:?}")
    };
    let [Reply::Integer(status), Reply::Bulk(out), Reply::Bulk(err)] = &parts[..] else {
        panic!("{reply:?}")
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (*status, text(out), text(err))
}

/// Whether the process has ended: it was killed, and dies when the system gets to it.
fn ends(pid: &str) -> bool {
    let give_up_at = Instant::now() + HUNG;
    while is_alive(pid.trim()) && Instant::now() < give_up_at {
        thread::yield_now();
    }
    !is_alive(pid.trim())
}

/// Whether the process still runs; one that has ended and that nobody has waited for does
/// not.
fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().unwrap_or_default().trim_start();
    !state.is_empty() && !state.starts_with('Z')
}

/// The children of the server, those that nobody has waited for included.
fn children(server: &Server) -> String {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).unwrap();
    let children = tasks.map(|task| task.unwrap().path().join("children"));
    children
        .map(|file| fs::read_to_string(file).unwrap_or_default())
        .collect()
}

#[test]
fn a_program_is_stopped_at_the_time_limit() {
    let server = start("200ms");
    let (status, out, err) = run(&server, "echo begun; sleep 1000");
    assert_eq!((status, out.as_str()), (124, "begun\n"));
    assert_eq!(err, "stopped at the time limit of 200ms\n");
}

#[test]
fn a_program_that_ignores_sigterm_is_killed() {
    let server = start("200ms");
    let (status, out, _) = run(
        &server,
        "trap '' TERM; echo $$; while :; do sleep 1000; done",
    );
    assert_eq!(status, 124);
    assert!(ends(&out), "{out}");
}

#[test]
fn a_grandchild_that_holds_the_pipe_is_ended_too() {
    let server = start("200ms");
    let (status, out, _) = run(&server, "sleep 1000 & echo $!; exec sleep 1000");
    assert_eq!(status, 124);
    assert!(ends(&out), "the grandchild {out} outlived its parent");
}

#[test]
fn a_grandchild_that_outlives_its_parent_is_ended_with_it() {
    let server = start("60s");
    let (status, out, _) = run(&server, "sleep 1000 >/dev/null 2>&1 & echo $!");
    assert_eq!(status, 0);
    assert!(ends(&out), "the grandchild {out} outlived its parent");
}

#[test]
fn a_process_that_left_the_group_is_ended_with_its_program() {
    if !fixture::has("setsid") {
        return;
    }
    let server = start("60s");
    // One that left, and one that also has a child; both lose their parent at once.
    for orphan in ["sleep 1000", "sh -c 'sleep 1000; :'"] {
        let script = format!("setsid {orphan} >/dev/null 2>&1 & echo $!");
        let (status, out, _) = run(&server, &script);
        assert_eq!(status, 0);
        assert!(
            !is_alive(out.trim()),
            "{orphan}, {out}, outlived its program"
        );
    }
    assert_eq!(children(&server), "");
}

#[test]
fn a_process_that_left_the_group_and_holds_the_pipe_is_ended_at_the_limit() {
    if !fixture::has("setsid") {
        return;
    }
    let server = start("200ms");
    let (status, out, _) = run(&server, "setsid sleep 1000 & echo $!");
    assert_eq!(status, 124);
    assert!(!is_alive(out.trim()), "{out} outlived its program");
}

#[test]
fn what_one_program_left_is_not_ended_with_another() {
    if !fixture::has("setsid") {
        return;
    }
    let server = start("60s");
    let mut other = connect(&server);
    let fifo = tempfile::tempdir().unwrap();
    let [begun, go_on] = ["begun", "go_on"].map(|name| fifo.path().join(name));
    for path in [&begun, &go_on] {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    // Its parent ends at once; the program waits, and then asks how it is.
    let script = format!(
        "setsid -f sh -c 'echo $$ >{}; exec sleep 1000' >/dev/null 2>&1; read go <{}; \
         kill -0 $go && echo alive",
        begun.display(),
        go_on.display()
    );
    let request = ["RUN", "sh", "-c", &script];
    let mut bytes = Vec::new();
    proto::encode_request(&request.map(|word| word.as_bytes().to_vec()), &mut bytes);
    other.send(&bytes).unwrap();
    let stray = fs::read_to_string(&begun).unwrap();
    assert_eq!(run(&server, "true").0, 0);
    fs::write(&go_on, &stray).unwrap();
    let Reply::Array(parts) = other.receive().unwrap() else {
        panic!("no array")
    };
    assert_eq!(parts[1], Reply::Bulk(b"alive\n".to_vec()));
    assert!(!is_alive(stray.trim()), "{stray} outlived its program");
}

#[test]
fn a_program_that_joins_the_group_of_the_server_is_stopped_at_the_limit() {
    if !fixture::has("python3") {
        return;
    }
    let flags = ["--allow", "python3", "--run-timeout", "200ms"];
    let mut server = fixture::start(THREADED, &flags);
    let script =
        "import os, time; os.setpgid(0, os.getpgid(os.getppid())); time.sleep(1000)";
    let reply = connect(&server).request(&["RUN", "python3", "-c", script]);
    let Ok(Reply::Array(parts)) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(parts[0], Reply::Integer(124));
    assert_eq!(server.stop(HUNG).unwrap().code(), Some(0));
}

#[test]
fn a_client_that_resets_ends_its_program_and_one_that_half_closes_does_not() {
    for reset in [true, false] {
        let mut server = start("1h");
        let fifo = tempfile::tempdir().unwrap();
        let [begun, go_on] = ["begun", "go_on"].map(|name| fifo.path().join(name));
        for path in [&begun, &go_on] {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }
        let (begun_path, go_on_path) = (begun.display(), go_on.display());
        let script = format!("echo $$ >{begun_path}; read go <{go_on_path}; echo $go");
        let mut client = raw(&server);
        let request = format!("PING\r\nRUN sh -c \"{}\"\r\n", script);
        client.write_all(request.as_bytes()).unwrap();
        let program = fs::read_to_string(&begun).unwrap();
        if reset {
            drop(client); // the PONG is unread, so that this resets
            assert!(ends(program.trim()), "{program} outlived its client");
        } else {
            client.shutdown(Shutdown::Write).unwrap();
            fs::write(&go_on, "on\n").unwrap();
            let (answer, _) = read_to_the_end(&mut client);
            assert!(answer.contains("\r\non\n\r\n"), "{answer}");
        }
        assert_eq!(server.stop(HUNG).unwrap().code(), Some(0));
    }
}

#[test]
fn the_status_is_the_one_that_a_shell_tells() {
    let server = start("60s");
    for (script, status) in [("exit 7", 7), ("kill -9 $$", 137), ("kill -15 $$", 143)] {
        assert_eq!(run(&server, script).0, status, "{script}");
    }
}

#[test]
fn every_child_is_waited_for() {
    let server = start("200ms");
    for script in [
        "true",
        "exit 3",
        "kill -9 $$",
        "sleep 1000",
        "sleep 1000 & exit 0",
    ] {
        run(&server, script);
    }
    assert_eq!(children(&server), "");
}
