//! Behaviour 16 of `docs/reliability.md`, its hardest case: nobody reads what the server
//! prints, and yet every client is served, and the server ends.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    thread,
};

use crate::{
    talking::{BOTH, HUNG, ask, limit_address_space, pong},
    unread_console::{Running, terminal},
};
use client::Connection;

#[test]
fn a_pipe_that_nobody_reads_holds_up_no_client_and_not_the_end() {
    for name in BOTH {
        let (read, write) = std::io::pipe().unwrap();
        Running::start(name, &[], write.into(), &read).withstands(true);
    }
}

#[test]
fn a_socket_that_nobody_reads_does_not_either() {
    for name in BOTH {
        let (read, write) = std::os::unix::net::UnixStream::pair().unwrap();
        Running::start(name, &[], write.into(), &read).withstands(true);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_thread_for_late_lines_clients_are_served_and_the_lines_come_later() {
    for name in BOTH {
        let (read, write) = std::io::pipe().unwrap();
        let mut server = Running::start(name, &[], write.into(), &read);
        let mut client = server.connect();
        assert_eq!(ask(&mut client, "PING"), pong(), "{name}");
        wait_until_all_threads_sleep(server.child.id());
        // No stack of 2 MiB fits any more.
        limit_address_space(server.child.id(), 3 * 512 * 1024);
        let request = format!("ECHO {}", "x".repeat(500));
        for _ in 0..150 {
            ask(&mut client, &request);
        }
        let mut first = vec![0; 64 * 1024];
        let count = (&read).read(&mut first).unwrap(); // there is room again
        first.truncate(count);
        assert_eq!(ask(&mut client, "PING"), pong(), "{name}");
        drop(client);
        let (status, warnings) = server.stop();
        assert_eq!(status.code(), Some(0), "{name}: {warnings}");
        assert_eq!(warnings.lines().count(), 1, "{name}: {warnings}");
        let late = "no thread waits for the reader of standard output";
        assert!(warnings.contains(late), "{name}: {warnings}");
        drop(server);
        let mut rest = String::new();
        (&read).read_to_string(&mut rest).unwrap();
        let printed = String::from_utf8_lossy(&first).into_owned() + &rest;
        assert_eq!(printed.matches(" ECHO ").count(), 150, "{name}");
        assert!(printed.contains("stopped: "), "{name}");
    }
}

/// Until then a pool may still be starting its workers, although one of them serves.
#[cfg(target_os = "linux")]
fn wait_until_all_threads_sleep(server: u32) {
    let sleeps = |task: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(task.path().join("stat"));
        stat.is_ok_and(|stat| stat.contains(") S "))
    };
    let tasks = format!("/proc/{server}/task");
    while !std::fs::read_dir(&tasks).unwrap().flatten().all(sleeps) {
        std::thread::yield_now();
    }
}

#[test]
fn a_terminal_that_is_stopped_does_not_either() {
    for name in BOTH {
        let (terminal, screen) = terminal();
        let server = Running::start(name, &[], screen.into(), &terminal);
        (&terminal).write_all(b"\x13").unwrap(); // Ctrl-S
        server.withstands(true);
    }
}

#[test]
fn a_pipe_that_was_full_already_does_not_hold_up_the_summary() {
    for name in BOTH {
        let (read, write) = std::io::pipe().unwrap();
        let fill = write.try_clone().unwrap();
        let mut server = Running::start(name, &["--quiet"], write.into(), &read);
        rustix::io::ioctl_fionbio(&fill, true).unwrap();
        while (&fill).write(b"somebody else's line\n").is_ok() {}
        while (&fill).write(b"\n").is_ok() {}
        // A program that shares the pipe has set it for all: the server must not rely on
        // it.
        rustix::io::ioctl_fionbio(&fill, false).unwrap();
        let (status, warnings) = server.stop();
        assert_eq!(status.code(), Some(0), "{warnings}");
    }
}

#[test]
fn warnings_that_nobody_reads_hold_up_nothing() {
    for name in BOTH {
        let (read, write) = std::io::pipe().unwrap();
        let mut server = Running::start(name, &[], write.into(), &read);
        let drain = move || std::io::copy(&mut &read, &mut std::io::sink()).unwrap();
        let reader = thread::Builder::new().spawn(drain).unwrap();
        let stderr = server.child.stderr.take(); // kept, and not read before the end
        for _ in 0..1_000 {
            let mut page = TcpStream::connect(&server.address).unwrap();
            page.set_read_timeout(Some(HUNG)).unwrap();
            page.write_all(b"POST / HTTP/1.1\r\n").unwrap();
            let _ = page.read(&mut [0]); // it ends or resets
        }
        assert_eq!(ask(&mut server.connect(), "PING"), pong(), "{name}");
        server.child.stderr = stderr;
        let (status, warnings) = server.stop();
        assert_eq!(status.code(), Some(0), "{name}: {warnings}");
        assert_eq!(warnings.lines().count(), 2, "{name}: {warnings}");
        assert!(warnings.contains("999 more warnings"), "{name}: {warnings}");
        drop(server);
        reader.join().unwrap();
    }
}

#[test]
fn once_it_is_read_again_every_line_comes_whole_and_in_order() {
    for name in BOTH {
        let (read, write) = std::io::pipe().unwrap();
        let mut server = Running::start(name, &[], write.into(), &read);
        // More than the pipe holds, less than the pipe and the queue.
        let mut client = server.connect();
        let ask_all = |client: &mut Connection, numbers: std::ops::Range<usize>| {
            for number in numbers {
                client
                    .request(&["ECHO", &format!("number-{number}-")])
                    .unwrap();
            }
        };
        ask_all(&mut client, 0..3_000);
        let read_all = move || BufReader::new(read).lines().map(Result::unwrap).collect();
        let reader = thread::Builder::new().spawn(read_all).unwrap();
        ask_all(&mut client, 3_000..4_000);
        drop(client);
        let (status, warnings) = server.stop();
        assert_eq!((status.code(), warnings.as_str()), (Some(0), ""), "{name}");
        drop(server);
        let lines: Vec<String> = reader.join().unwrap();
        let asked = lines.iter().filter(|line| line.contains("ECHO number-"));
        for (number, line) in asked.clone().enumerate() {
            assert!(
                line.contains(&format!(" ECHO number-{number}- ->")),
                "{line}"
            );
        }
        assert_eq!(asked.count(), 4_000, "{name}");
        assert!(lines.last().unwrap().starts_with("stopped: "), "{name}");
    }
}

#[test]
fn the_console_of_the_person_who_started_it_is_not_set_to_return_at_once() {
    for name in BOTH {
        let (read, write) = std::io::pipe().unwrap();
        let ours = write.try_clone().unwrap();
        let server = Running::start(name, &[], write.into(), &read);
        assert_eq!(ask(&mut server.connect(), "PING"), pong());
        let flags = rustix::fs::fcntl_getfl(&ours).unwrap();
        assert!(!flags.contains(rustix::fs::OFlags::NONBLOCK), "{name}");
    }
}

#[test]
fn a_log_on_a_fifo_needs_a_reader_and_does_not_wait_for_it_to_read() {
    for name in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("log");
        let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        let log = ["--log", fifo.to_str().unwrap()];
        let refused = Command::new(fixture::program(name))
            .args(["--listen", "127.0.0.1:0"])
            .args(log)
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{name}: {shown}");
        assert!(
            shown.contains("no program reads this FIFO"),
            "{name}: {shown}"
        );
        assert_eq!(shown.lines().count(), 1, "{name}: {shown}");

        let (read, write) = std::io::pipe().unwrap();
        let reader = open_both_ways(&fifo);
        let mut server = Running::start(
            name,
            &[&log[..], &["--quiet"]].concat(),
            write.into(),
            &read,
        );
        server.ask_much();
        let (status, warnings) = server.stop();
        assert_eq!(status.code(), Some(0), "{name}: {warnings}");
        assert!(
            warnings.contains("nobody reads the log"),
            "{name}: {warnings}"
        );
        drop(reader);
    }
}

/// A reader of a FIFO that does not wait for a writer.
fn open_both_ways(fifo: &Path) -> File {
    fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(fifo)
        .unwrap()
}
