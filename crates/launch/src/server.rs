//! A server that runs: its address, its output, and its end.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    time::Duration,
};

use rustix::process::Signal;

use crate::{
    LaunchError, Mark, OutputLine, Stream, observed::Facts, process::Ender,
    process::Process, watch::Watch,
};

/// A server that runs. Dropping it kills it and every process that came of it, in
/// whatever group or session, and joins the threads that watch it.
#[derive(Debug)]
pub struct Server {
    name: String,
    process: Process,
    address: SocketAddr,
    watch: Watch,
    ended: Option<ExitStatus>,
}

impl Server {
    /// Starts the threads that drain both pipes and wait for the end.
    pub(crate) fn watch(process: Process, name: String) -> Result<Self, LaunchError> {
        let mut server = Self {
            name,
            process,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            watch: Watch::default(),
            ended: None,
        };
        match server.watch.start(&mut server.process) {
            Ok(()) => Ok(server),
            Err(source) => Err(LaunchError::CannotStart {
                program: server.name.clone(),
                source,
            }),
        }
    }

    pub(crate) fn first_line(&self, within: Duration) -> Option<String> {
        let seen = self.watch.observed.wait_until(within, |facts| {
            let line = facts.first_line.clone().filter(|_| facts.pid.is_some());
            (line.is_some() || facts.has_exited).then_some(line)
        });
        seen.flatten()
    }

    pub(crate) fn has_exited(&self) -> bool {
        self.watch.observed.facts().has_exited
    }

    /// Waits until its process runs the program; whether it does.
    pub(crate) fn has_started(&self, within: Duration) -> bool {
        let started = |facts: &Facts| match (facts.refused, facts.runs) {
            (Some(_), _) => Some(false),
            (None, true) => Some(true),
            (None, false) => facts.has_exited.then_some(false),
        };
        let observed = &self.watch.observed;
        observed.wait_until(within, started) == Some(true)
    }

    /// What the system said against running the program, if it did.
    pub(crate) fn refused(&self) -> Option<io::Error> {
        let refused = self.watch.observed.facts().refused;
        refused.map(io::Error::from_raw_os_error)
    }

    pub(crate) fn set_address(&mut self, address: SocketAddr) {
        self.address = address;
    }

    /// The address that it announced.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The id of its process, and of its process group.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.watch.observed.facts().pid.unwrap_or_default()
    }

    /// What ends it from another thread.
    #[must_use]
    pub fn ender(&self) -> Ender {
        self.process.ender()
    }

    /// How many processes it left behind outside its group, in a session of their own or
    /// in somebody else's group; they have ended with it. 0 until it has ended.
    #[must_use]
    pub fn left_behind(&self) -> usize {
        self.watch.observed.facts().left_behind
    }

    /// What it has printed so far on both streams, in the order of arrival; all of it
    /// once it has ended. The newest 100,000 lines and 16 MiB of each stream are kept.
    #[must_use]
    pub fn output(&self) -> Vec<OutputLine> {
        self.watch.observed.facts().output()
    }

    /// What it has printed so far on one stream.
    #[must_use]
    pub fn lines(&self, stream: Stream) -> Vec<String> {
        self.new_lines(stream, &mut Mark::default())
    }

    /// What it has printed on one stream since the mark, which moves on.
    #[must_use]
    pub fn new_lines(&self, stream: Stream, mark: &mut Mark) -> Vec<String> {
        let facts = self.watch.observed.facts();
        facts.kept(stream).since(mark)
    }

    /// How many lines of a stream were dropped to make room for newer ones.
    #[must_use]
    pub fn dropped_lines(&self, stream: Stream) -> u64 {
        self.watch.observed.facts().kept(stream).dropped
    }

    /// Waits for a line that `is_wanted`, among those printed already too; `None` when
    /// there is none within the time, or the server has closed the stream without one.
    pub fn wait_for_line(
        &self,
        stream: Stream,
        within: Duration,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let found = self.watch.observed.wait_until(within, |facts| {
            let kept = facts.kept(stream);
            let found = kept.lines.iter().find(|line| is_wanted(&line.text));
            (found.is_some() || kept.is_closed)
                .then(|| found.map(|line| line.text.clone()))
        });
        found.flatten()
    }

    /// Asks it to stop: SIGTERM to the server itself, as `kill PID` does.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Asks it to stop: SIGINT to the server itself.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    fn signal(&self, signal: Signal) {
        if self.ended.is_none() {
            self.process.signal(signal);
        }
    }

    /// Waits until it ends by itself; what is left of it is killed then.
    ///
    /// # Errors
    ///
    /// [`LaunchError::StillRuns`] when it has not ended in time; it goes on running.
    pub fn wait(&mut self, within: Duration) -> Result<ExitStatus, LaunchError> {
        let exited = |facts: &Facts| facts.has_exited.then_some(());
        match self.watch.observed.wait_until(within, exited) {
            Some(()) => self.kill(),
            None => Err(LaunchError::StillRuns {
                program: self.name.clone(),
                within,
            }),
        }
    }

    /// SIGTERM, and SIGKILL to all of it if it has not ended within `grace`.
    ///
    /// # Errors
    ///
    /// [`LaunchError::CannotWait`].
    pub fn stop(&mut self, grace: Duration) -> Result<ExitStatus, LaunchError> {
        self.terminate();
        match self.wait(grace) {
            Err(LaunchError::StillRuns { .. }) => self.kill(),
            ended => ended,
        }
    }

    /// SIGKILL to it and to every process that came of it; gives back how the server
    /// ended: by this signal, unless it had exited before.
    ///
    /// # Errors
    ///
    /// [`LaunchError::CannotWait`].
    pub fn kill(&mut self) -> Result<ExitStatus, LaunchError> {
        if let Some(status) = self.ended {
            return Ok(status);
        }
        let ended = self.process.end(&self.watch.observed);
        self.watch.end();
        ended.map_err(|source| LaunchError::CannotWait {
            program: self.name.clone(),
            source,
        })?;
        // Only a keeper that was killed says nothing of the server, which it took with
        // it.
        let status = self.watch.observed.facts().status;
        let status =
            status.unwrap_or_else(|| ExitStatus::from_raw(Signal::KILL.as_raw()));
        self.ended = Some(status);
        Ok(status)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody is left to hear how it ended.
        let _ = self.kill();
    }
}
