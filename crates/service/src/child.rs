//! A command as a child process: both its pipes are read while it runs, and it ends in time.

use std::{
    io::{self, ErrorKind, Read},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::ioctl_fionbio,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};

use crate::{
    children::Children,
    stopping::{Cut, Stopping},
};

/// Bytes of each stream that are kept; the rest is drained and counted.
pub(crate) const KEPT: usize = 64 * 1024;
/// Between SIGTERM and SIGKILL, and between SIGKILL and giving up on the pipes: a process
/// that left the group may hold them.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a child is looked at that has closed its pipes and goes on.
const GLANCE: Duration = Duration::from_millis(5);

/// What a command left.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) timed_out: bool,
    pub(crate) stdout: Stream,
    pub(crate) stderr: Stream,
}

/// The start of what came out of a stream, and how many bytes came in all.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) kept: Vec<u8>,
    pub(crate) total: usize,
}

/// Runs a command to its end, to the time limit, or to the server's stop. Whatever it started
/// in its process group ends with it.
///
/// # Errors
///
/// When it can't be started. The inner error is a stop that cut it.
pub(crate) fn run(
    command: &mut Command,
    limit: Duration,
    children: &Children,
    stopping: &Stopping,
) -> io::Result<Result<Finished, Cut>> {
    // No pre_exec: it forces fork instead of posix_spawn, which takes 74 ms beside 10,000
    // threads where posix_spawn takes half of one.
    let mut child = command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let group = Pid::from_child(&child);
    children.enter(group);
    let mut ending = Ending::new(group, Instant::now() + limit, stopping);
    let streams = drain(&mut child, &mut ending);
    let waited = wait_for_exit(group, &mut ending);
    children.leave(group);
    let status = child.wait()?;
    let (stdout, stderr) = streams.and_then(|streams| waited.map(|()| streams))?;
    if ending.cut {
        return Ok(Err(Cut));
    }
    Ok(Ok(Finished {
        status,
        timed_out: ending.step > 0,
        stdout,
        stderr,
    }))
}

impl Finished {
    /// As a shell tells it: the program's own status, 128+N when signal N killed it, 124 when
    /// the time limit did.
    pub(crate) fn shell_status(&self) -> i64 {
        match (self.timed_out, self.status.code(), self.status.signal()) {
            (true, _, _) => 124,
            (_, Some(code), _) => code.into(),
            (_, _, signal) => 128 + i64::from(signal.unwrap_or_default()),
        }
    }
}

/// When the child must end, and what is done to it each time that moment is reached.
struct Ending<'a> {
    group: Pid,
    deadline: Instant,
    stopping: &'a Stopping,
    /// 0: it runs; 1: it was told to end; 2: it was killed; 3: nobody waits any more.
    step: u8,
    cut: bool,
}

impl<'a> Ending<'a> {
    fn new(group: Pid, deadline: Instant, stopping: &'a Stopping) -> Self {
        Self {
            group,
            deadline,
            stopping,
            step: 0,
            cut: false,
        }
    }

    /// How long to wait before the next step; `None` once nobody waits any more.
    fn left(&mut self) -> Option<Duration> {
        let now = Instant::now();
        if self.step == 0
            && let Some(cut_at) = self.stopping.cut_at().filter(|at| *at <= self.deadline)
        {
            self.deadline = cut_at;
            self.cut = cut_at <= now;
            self.step = u8::from(self.cut); // the stop has been patient already
        }
        while self.deadline <= now {
            let signal = if self.step == 0 {
                Signal::TERM
            } else {
                Signal::KILL
            };
            let _ = kill_process_group(self.group, signal); // it may have just ended
            self.step += 1;
            self.deadline = now + PATIENCE;
            if self.step > 2 {
                return None;
            }
        }
        Some(self.deadline - now)
    }

    /// The stop signal, as long as it would shorten the wait.
    fn signal(&self) -> Option<BorrowedFd<'a>> {
        (!self.stopping.has_begun()).then(|| self.stopping.signal())
    }
}

/// Reads both pipes as the child writes: reading one to its end first would leave a child
/// that fills the other waiting for ever.
fn drain(child: &mut Child, ending: &mut Ending<'_>) -> io::Result<(Stream, Stream)> {
    let mut pipes = (child.stdout.take(), child.stderr.take());
    let mut streams = (Stream::default(), Stream::default());
    if let (Some(out), Some(err)) = &pipes {
        ioctl_fionbio(out, true)?;
        ioctl_fionbio(err, true)?;
    }
    while pipes.0.is_some() || pipes.1.is_some() {
        let Some(left) = ending.left() else { break };
        let signal = ending.signal();
        let out = pipes.0.as_ref().map(AsFd::as_fd);
        let err = pipes.1.as_ref().map(AsFd::as_fd);
        let mut waiting: Vec<PollFd<'_>> = [out, err, signal]
            .into_iter()
            .flatten()
            .map(|source| PollFd::from_borrowed_fd(source, PollFlags::IN))
            .collect();
        match poll(&mut waiting, Timespec::try_from(left).ok().as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        streams.0.read(&mut pipes.0)?;
        streams.1.read(&mut pipes.1)?;
    }
    Ok(streams)
}

impl Stream {
    /// Takes what the pipe holds; at its end the pipe is dropped.
    fn read(&mut self, pipe: &mut Option<impl Read>) -> io::Result<()> {
        let mut chunk = [0; 8 * 1024];
        while let Some(open) = pipe {
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

/// Waits until the child has exited, without reaping it: its number stays its own until its
/// group has been ended.
fn wait_for_exit(leader: Pid, ending: &mut Ending<'_>) -> io::Result<()> {
    let exited = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let mut pause = Duration::from_micros(50);
    while waitid(WaitId::Pid(leader), exited | WaitIdOptions::NOHANG)?.is_none() {
        let Some(left) = ending.left() else { break };
        std::thread::sleep(pause.min(left));
        pause = GLANCE.min(pause * 2);
    }
    Ok(())
}
