//! The threads that watch a server: one for each of its pipes, one for its end.

use std::{
    io::{self, PipeReader, PipeWriter, Read},
    os::fd::AsFd,
    process::Child,
    sync::Arc,
    thread::{Builder, JoinHandle},
};

use rustix::{
    io::Errno,
    process::{Pid, WaitId, WaitIdOptions, waitid},
};

use crate::{Stream, drain::drain, observed::Observed, process::Process};

#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) observed: Arc<Observed>,
    threads: Vec<JoinHandle<()>>,
    /// Dropped to stop the threads that drain: nothing of use will come.
    stop: Option<PipeWriter>,
}

impl Watch {
    /// Starts them; some may run when it fails.
    pub(crate) fn start(&mut self, process: &mut Process) -> io::Result<()> {
        let (stopped, stop) = io::pipe()?;
        self.stop = Some(stop);
        let (stdout, stderr) = process.pipes();
        if let Some(pipe) = stdout {
            self.drain("stdout", Stream::Stdout, pipe, stopped.try_clone()?)?;
        }
        if let Some(pipe) = stderr {
            self.drain("stderr", Stream::Stderr, pipe, stopped)?;
        }
        self.spawn("exit", process.watcher(Arc::clone(&self.observed)))
    }

    /// Waits for them, which takes a moment once the server and its group have ended.
    pub(crate) fn end(&mut self) {
        self.stop = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing left to report.
            let _ = thread.join();
        }
    }

    fn drain(
        &mut self,
        name: &str,
        stream: Stream,
        pipe: impl Read + AsFd + Send + 'static,
        stopped: PipeReader,
    ) -> io::Result<()> {
        let observed = Arc::clone(&self.observed);
        self.spawn(name, move || {
            drain(pipe, &stopped, |bytes| observed.printed(stream, bytes));
            observed.closed(stream);
        })
    }

    fn spawn(
        &mut self,
        watches: &str,
        body: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let thread = Builder::new().name(format!("watch-{watches}"));
        self.threads.push(thread.spawn(body)?);
        Ok(())
    }
}

/// The id of a child, which is its group's as well.
pub(crate) fn process_id(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Waits for the end of a child and leaves it to be waited for again: its id stays taken.
pub(crate) fn wait_for_exit(pid: Pid) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(Errno::INTR) = waitid(WaitId::Pid(pid), options) {}
}
