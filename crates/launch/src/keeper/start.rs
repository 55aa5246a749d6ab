//! The run that becomes the server: the system kills it when its keeper ends.

use std::{
    ffi::OsString,
    io::{Read, Write},
    os::unix::{net::UnixStream, process::CommandExt},
    process::{Command, ExitCode, Stdio},
};

use rustix::process::{Signal, getppid, set_parent_process_death_signal};

/// Becomes the program in `words`, behind the id of the keeper, once the keeper has said
/// so on standard input: until then the program could stop or kill a keeper that has not
/// reported it. What the system says against it goes back the same way; the server gets
/// none of it.
pub(super) fn run(words: &[OsString]) -> ExitCode {
    let Some((keeper, command)) = words.split_first() else {
        return ExitCode::FAILURE;
    };
    let Some((program, arguments)) = command.split_first() else {
        return ExitCode::FAILURE;
    };
    let Ok(keeper_side) = rustix::stdio::stdin().try_clone_to_owned() else {
        return ExitCode::FAILURE;
    };
    let mut report = UnixStream::from(keeper_side);
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    // A keeper that was killed before that cannot take the server with it.
    let parent = getppid().map_or(0, |parent| parent.as_raw_nonzero().get());
    if *keeper != *parent.to_string() {
        return ExitCode::FAILURE;
    }
    if report.read_exact(&mut [0]).is_err() {
        return ExitCode::FAILURE;
    }
    let refused = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .exec();
    let errno = refused.raw_os_error().unwrap_or_default();
    // Nobody is left to hear of an error here.
    let _ = report.write_all(errno.to_string().as_bytes());
    ExitCode::FAILURE
}
