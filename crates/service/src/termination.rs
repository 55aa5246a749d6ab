//! When a program must end, and what is done to it each time that moment is reached.

use std::{
    net::TcpStream,
    os::fd::{AsFd, BorrowedFd},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, getpgid, kill_process, kill_process_group},
};

use crate::{children::Children, other_end::is_reset, stopping::Stopping};

/// Between SIGTERM and SIGKILL, and between SIGKILL and giving up on the pipes.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a program was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It ran into its time limit.
    Time,
    /// It wrote more than anybody wants.
    Output,
    /// The server stopped.
    Stop,
    /// The client has reset the connection.
    ClientGone,
}

/// The end of one program, from its start.
pub(crate) struct Termination<'a> {
    program: Pid,
    children: &'a Children,
    stopping: &'a Stopping,
    client: &'a TcpStream,
    deadline: Instant,
    /// 0: it runs; 1: it got SIGTERM; 2: it was killed; 3: nobody waits any more.
    step: u8,
    /// Whether the stop had begun when [`left`](Self::left) looked: one that begins
    /// later must end the wait.
    stop_is_known: bool,
    pub(crate) why: Option<Why>,
}

impl<'a> Termination<'a> {
    pub(crate) fn new(
        program: Pid,
        limit: Duration,
        children: &'a Children,
        stopping: &'a Stopping,
        client: &'a TcpStream,
    ) -> Self {
        Self {
            program,
            children,
            stopping,
            client,
            deadline: Instant::now() + limit,
            step: 0,
            stop_is_known: false,
            why: None,
        }
    }

    /// How long to wait before the next step; `None` once nobody waits any more.
    pub(crate) fn left(&mut self) -> Option<Duration> {
        let cut_at = self.stopping.cut_at();
        self.stop_is_known = cut_at.is_some();
        if self.step == 0 && is_reset(self.client) {
            self.kill_now(Why::ClientGone);
        } else if self.step == 0 && cut_at.is_some_and(|cut_at| cut_at <= Instant::now())
        {
            self.kill_now(Why::Stop); // the stop has been patient already
        }
        while self.deadline <= Instant::now() {
            match self.step {
                0 => {
                    self.why = Some(Why::Time);
                    self.terminate();
                }
                1 => self.children.end(self.program),
                _ => return None,
            }
            self.step += 1;
            self.deadline = Instant::now() + PATIENCE;
        }
        let end = match cut_at {
            Some(cut_at) if self.step == 0 => cut_at.min(self.deadline),
            _ => self.deadline,
        };
        Some(end.saturating_duration_since(Instant::now()))
    }

    /// Makes the next step the last.
    pub(crate) fn kill_now(&mut self, why: Why) {
        if self.step < 2 {
            self.why.get_or_insert(why);
            self.step = 1;
            self.deadline = Instant::now();
        }
    }

    /// Waits until one of these pipes can be read, or something else may end the program.
    pub(crate) fn wait(
        &self,
        pipes: [Option<BorrowedFd<'_>>; 2],
        left: Duration,
    ) -> rustix::io::Result<()> {
        // After the step that it led to, the client or the stop would end each wait at
        // once.
        let signal = (!self.stop_is_known).then(|| self.stopping.signal());
        let client = (self.step == 0).then(|| self.client.as_fd());
        let read = |fd| PollFd::from_borrowed_fd(fd, PollFlags::IN);
        let watch = |fd| PollFd::from_borrowed_fd(fd, PollFlags::empty());
        let sources = pipes.into_iter().chain([signal]).flatten().map(read);
        let mut waiting: Vec<PollFd<'_>> = sources.chain(client.map(watch)).collect();
        match poll(&mut waiting, Timespec::try_from(left).ok().as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn terminate(&self) {
        let _ = kill_process_group(self.program, Signal::TERM); // it may have just ended
        if getpgid(Some(self.program)).is_ok_and(|group| group != self.program) {
            let _ = kill_process(self.program, Signal::TERM); // it has left its group
        }
    }
}
