//! A command as a child process: both its pipes are read while it runs, and it ends in
//! time.

use std::{
    io::{self, ErrorKind, Read},
    net::TcpStream,
    os::{
        fd::AsFd,
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    io::{Errno, ioctl_fionbio},
    process::{Pid, WaitId, WaitIdOptions, waitid},
};

use crate::{
    children::Children,
    stopping::Stopping,
    termination::{Termination, Why},
};

/// Bytes of each stream that are kept; the rest is drained and counted.
pub(crate) const KEPT: usize = 64 * 1024;
/// Bytes of each stream after which the program is ended.
pub(crate) const MOST: usize = 16 * 1024 * 1024;
/// How often a child is looked at that has closed its pipes and goes on.
const GLANCE: Duration = Duration::from_millis(5);

/// What a command left.
#[derive(Debug)]
pub(crate) struct CommandRun {
    pub(crate) status: ExitStatus,
    /// Why it was ended, if it did not end by itself.
    pub(crate) ended: Option<Why>,
    pub(crate) stdout: Stream,
    pub(crate) stderr: Stream,
}

/// The start of what came out of a stream, and how many bytes came in all.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) kept: Vec<u8>,
    pub(crate) total: usize,
}

/// Runs a command to its end, to the limit of its time or its output, to the server's
/// stop, or until the client is gone. Whatever came of it ends with it.
///
/// # Errors
///
/// When it cannot be started, or not be ended.
pub(crate) fn run(
    command: &mut Command,
    limit: Duration,
    children: &Children,
    stopping: &Stopping,
    client: &TcpStream,
) -> io::Result<CommandRun> {
    // No pre_exec: it forces fork instead of posix_spawn, which takes 74 ms beside 10,000
    // threads where posix_spawn takes half of one.
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = start(command, limit, children, stopping)?;
    let program = Pid::from_child(&child);
    let mut termination = Termination::new(program, limit, children, stopping, client);
    let streams = drain(&mut child, &mut termination);
    let waited = wait_for_exit(program, &mut termination);
    let status = children.leave(&mut child)?;
    let (stdout, stderr) = streams.and_then(|streams| waited.map(|()| streams))?;
    Ok(CommandRun {
        status,
        ended: termination.why,
        stdout,
        stderr,
    })
}

/// Starts the program as soon as there are descriptors for it: other programs have them.
fn start(
    command: &mut Command,
    limit: Duration,
    children: &Children,
    stopping: &Stopping,
) -> io::Result<Child> {
    let give_up_at = Instant::now() + limit;
    loop {
        match children.start(command) {
            Err(error)
                if error.raw_os_error() == Some(Errno::MFILE.raw_os_error())
                    && Instant::now() < give_up_at
                    && stopping.sleep_until(Instant::now() + GLANCE).is_ok() => {}
            started => return started,
        }
    }
}

impl CommandRun {
    /// As a shell reports it: the program's own status, 128+N when signal N killed it,
    /// 124 when a limit did.
    pub(crate) fn shell_status(&self) -> i64 {
        match (self.ended, self.status.code(), self.status.signal()) {
            (Some(_), _, _) => 124,
            (_, Some(code), _) => code.into(),
            (_, _, signal) => 128 + i64::from(signal.unwrap_or_default()),
        }
    }
}

/// Reads both pipes as the child writes: reading one to its end first would leave a child
/// that fills the other waiting for ever.
fn drain(
    child: &mut Child,
    termination: &mut Termination<'_>,
) -> io::Result<(Stream, Stream)> {
    let mut pipes = (child.stdout.take(), child.stderr.take());
    let mut streams = (Stream::default(), Stream::default());
    if let (Some(out), Some(err)) = &pipes {
        ioctl_fionbio(out, true)?;
        ioctl_fionbio(err, true)?;
    }
    while pipes.0.is_some() || pipes.1.is_some() {
        let Some(left) = termination.left() else {
            break;
        };
        let out = pipes.0.as_ref().map(AsFd::as_fd);
        let err = pipes.1.as_ref().map(AsFd::as_fd);
        termination.wait([out, err], left)?;
        streams.0.read(&mut pipes.0)?;
        streams.1.read(&mut pipes.1)?;
        if streams.0.total.max(streams.1.total) > MOST {
            termination.kill_now(Why::Output);
        }
    }
    Ok(streams)
}

impl Stream {
    /// Takes what the pipe holds, up to some chunks; at its end the pipe is dropped.
    fn read(&mut self, pipe: &mut Option<impl Read>) -> io::Result<()> {
        let mut chunk = [0; 8 * 1024];
        // A program that writes as fast as this reads must not keep it from looking up.
        for _ in 0..64 {
            let Some(open) = pipe else { break };
            match open.read(&mut chunk) {
                Ok(0) => *pipe = None,
                Ok(count) => {
                    self.total += count;
                    let room = (KEPT - self.kept.len()).min(count);
                    self.kept
                        .extend_from_slice(chunk.get(..room).unwrap_or_default());
                    if count < chunk.len() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Waits until the child has exited, without reaping it: its number stays its own until
/// its group has been ended.
fn wait_for_exit(program: Pid, termination: &mut Termination<'_>) -> io::Result<()> {
    let exited = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let mut pause = Duration::from_micros(50);
    while waitid(WaitId::Pid(program), exited | WaitIdOptions::NOHANG)?.is_none() {
        let Some(left) = termination.left() else {
            break;
        };
        std::thread::sleep(pause.min(left));
        pause = GLANCE.min(pause * 2);
    }
    Ok(())
}
