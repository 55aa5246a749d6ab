//! The server of a row, and how it is graded.

use std::{
    ffi::OsString,
    iter,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use grader::{Commands, Expectation, Grading, Subject, Weights};

use super::Row;

pub(super) fn grading(row: &Row, only: Vec<&str>, races: Duration) -> Grading {
    let mut words = row.server.split(' ');
    let name = words.next().unwrap();
    let program = match name {
        "python3" => OsString::from(name),
        "handout.c" => handout().into(),
        _ => fixture::program(name).into(),
    };
    let arguments = words.map(|word| match word.strip_prefix("demos/") {
        Some(script) => demos().join(script).into(),
        None if word.ends_with(".py") => servers().join(word).into(),
        None if word == "PORT" => port().into(),
        None => OsString::from(word),
    });
    Grading {
        subject: Subject {
            program,
            arguments: arguments.collect(),
            sandbox: None,
        },
        expectation: row.expect.parse::<Expectation>().unwrap(),
        commands: format!("{}{}", Commands::default(), row.beside)
            .parse()
            .unwrap(),
        only: only.into_iter().map(str::to_owned).collect(),
        races,
        weights: Weights::default(),
        repeat: format!("grader --expect {} --only CHECK {}", row.expect, row.server),
    }
}

pub(super) fn can_run(server: &str) -> bool {
    !server.starts_with("python3") || fixture::has("python3")
}

/// A free port that the system gives to nobody who asks for any.
fn port() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = 20_000 + std::process::id() % 10_000;
    let ports = || Some(first + NEXT.fetch_add(1, Ordering::Relaxed));
    let is_free = |port: &u32| TcpListener::bind(format!("127.0.0.1:{port}")).is_ok();
    let mut ports = iter::from_fn(ports).take(2_000);
    ports.find(is_free).expect("no port is free").to_string()
}

fn servers() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers"))
}

/// The server in C, compiled once.
fn handout() -> PathBuf {
    static COMPILED: Mutex<bool> = Mutex::new(false);
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("handout");
    let mut is_compiled = COMPILED.lock().unwrap();
    if !*is_compiled {
        let source = servers().join("handout.c");
        let mut cc = Command::new("cc");
        cc.args(["-O2", "-pthread", "-o"]).arg(&program).arg(source);
        assert!(cc.status().unwrap().success(), "cc handout.c");
        *is_compiled = true;
    }
    program
}

fn demos() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demos"))
}
