//! RUN: a Linux command from the allowlist, without a shell.

use std::{
    env, ffi::OsStr, net::TcpStream, os::unix::ffi::OsStrExt, path::Path,
    process::Command, time::Duration,
};

use proto::{Reply, limits};

use super::Outcome;
use crate::{
    allowlist::{DEFAULT_PATH, Denied},
    child::{self, CommandRun, KEPT, MOST, Stream},
    shared::Shared,
    termination::Why,
};

/// What a shell answers for a program that is not there.
const NOT_FOUND: i64 = 127;

pub(crate) fn run(
    shared: &Shared,
    client: &TcpStream,
    program: &[u8],
    arguments: Vec<Vec<u8>>,
) -> Outcome {
    let path = match shared.allowlist.path(program, &arguments) {
        Ok(path) => path,
        Err(denied) => return refuse(shared, program, &denied),
    };
    let _running = shared.places.run_program();
    let limit = shared.options.run_timeout;
    let mut command = command(path, arguments);
    let Shared {
        children, stopping, ..
    } = shared;
    match child::run(&mut command, limit, children, stopping, client) {
        Ok(CommandRun {
            ended: Some(Why::Stop),
            ..
        }) => Outcome::cut(),
        Ok(CommandRun {
            ended: Some(Why::ClientGone),
            ..
        }) => Outcome::client_gone(),
        Ok(done) => outcome_of(done, limit),
        Err(error) => {
            let name = String::from_utf8_lossy(program);
            Reply::error(format!("ERR cannot run '{name}': {error}")).into()
        }
    }
}

fn refuse(shared: &Shared, program: &[u8], denied: &Denied) -> Outcome {
    match denied {
        Denied::NotInstalled => {
            let complaint = [program, b": is not installed\n"].concat();
            finished(NOT_FOUND, Vec::new(), complaint)
        }
        Denied::Program => {
            let names = shared.allowlist.names();
            refusal(program, &format!("is not on the allowlist ({names})"))
        }
        Denied::Argument(argument) => {
            let name = String::from_utf8_lossy(program);
            refusal(argument, &format!("is not an allowed argument of '{name}'"))
        }
    }
}

/// What a program left, with a line for each limit that it ran into.
fn outcome_of(done: CommandRun, limit: Duration) -> Outcome {
    let status = done.shell_status();
    let CommandRun {
        ended,
        stdout,
        mut stderr,
        ..
    } = done;
    mark_cut(&mut stderr.kept, "stderr", stderr.total);
    mark_cut(&mut stderr.kept, "stdout", stdout.total);
    if ended == Some(Why::Time) {
        let limit = humantime::format_duration(limit);
        add_line(
            &mut stderr,
            &format!("stopped at the time limit of {limit}"),
        );
    } else if ended == Some(Why::Output) {
        let limit = MOST / 1024 / 1024;
        add_line(&mut stderr, &format!("stopped after {limit} MiB of output"));
    }
    finished(status, stdout.kept, stderr.kept)
}

/// The child's surroundings: nothing of the server's but its time zone.
fn command(path: &Path, arguments: Vec<Vec<u8>>) -> Command {
    let mut command = Command::new(path);
    // Each is copied, then freed: never all of them twice.
    for argument in arguments {
        command.arg(OsStr::from_bytes(&argument));
    }
    command
        .env_clear()
        .env("PATH", DEFAULT_PATH)
        .env("LANG", "C")
        .current_dir("/");
    if let Some(zone) = env::var_os("TZ") {
        command.env("TZ", zone);
    }
    command
}

fn finished(status: i64, stdout: Vec<u8>, stderr: Vec<u8>) -> Outcome {
    let logged = crate::printable::text(&[stdout.as_slice(), stderr.as_slice()].concat());
    let parts = vec![
        Reply::Integer(status),
        Reply::Bulk(stdout),
        Reply::Bulk(stderr),
    ];
    Outcome {
        status,
        ran: true,
        logged: Some(logged),
        ..Reply::Array(parts).into()
    }
}

fn refusal(word: &[u8], why: &str) -> Outcome {
    let mut line = b"NOPERM '".to_vec();
    line.extend_from_slice(word.get(..limits::ECHOED).unwrap_or(word));
    line.extend_from_slice(format!("' {why}").as_bytes());
    Reply::error(line).into()
}

fn mark_cut(stderr: &mut Vec<u8>, name: &str, total: usize) {
    if total > KEPT {
        stderr.extend_from_slice(
            format!("\n{name} was cut: {KEPT} of {total} bytes are shown\n").as_bytes(),
        );
    }
}

fn add_line(stream: &mut Stream, line: &str) {
    stream
        .kept
        .extend_from_slice(format!("{line}\n").as_bytes());
}
