//! RUN: a few commands that harm nobody.

use std::{
    ffi::OsStr,
    os::unix::{ffi::OsStrExt, process::ExitStatusExt},
    process::Command,
};

use proto::Reply;

const ALLOWED: &[&str] = &["date", "echo", "false", "sleep", "true"];

/// Runs a program to its end: its status and its output.
pub(crate) fn run(program: &[u8], arguments: &[Vec<u8>]) -> Reply {
    let Some(name) = ALLOWED.iter().find(|name| name.as_bytes() == program) else {
        return Reply::error(
            "NOPERM it is not on the allowlist (date, echo, false, sleep, true)",
        );
    };
    // date sets the clock, and prints files, with other arguments than a format.
    if *name == "date" && !arguments.iter().all(|argument| argument.starts_with(b"+")) {
        return Reply::error("NOPERM date takes +FORMAT alone");
    }
    let arguments = arguments.iter().map(|argument| OsStr::from_bytes(argument));
    match Command::new(name).args(arguments).output() {
        Err(error) => Reply::error(format!("ERR cannot run {name}: {error}")),
        Ok(output) => {
            let killed = || output.status.signal().unwrap_or(0) + 128;
            let status = output.status.code().unwrap_or_else(killed);
            let (stdout, stderr) =
                (Reply::Bulk(output.stdout), Reply::Bulk(output.stderr));
            Reply::Array(vec![Reply::Integer(i64::from(status)), stdout, stderr])
        }
    }
}
