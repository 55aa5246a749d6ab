//! Where a check works: fresh servers, time, and what the servers printed.

use std::{
    cell::RefCell,
    net::SocketAddr,
    sync::atomic::AtomicUsize,
    time::{Duration, Instant},
};

use launch::{Launch, LaunchError, OutputLine, Server};

use crate::{
    commands::Commands,
    expectation::Expectation,
    halt::{Claim, Halt},
    peer::{Peer, Trouble},
    registry::{Registered, Registry},
    subject::Subject,
};

/// How long a sign of life may take. It never proves anything by itself.
pub(crate) const LIVENESS: Duration = Duration::from_secs(10);

/// How long a server that crashes may take from its last connection to its end.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// What all checks of one grading share.
#[derive(Debug)]
pub(crate) struct Shared<'g> {
    pub(crate) subject: &'g Subject,
    pub(crate) expectation: Expectation,
    pub(crate) commands: &'g Commands,
    pub(crate) registry: &'g Registry,
    /// When the grading has to be over.
    pub(crate) ends: Instant,
    /// How many clients the server was seen to serve at once; 0 until that is known.
    pub(crate) in_service: AtomicUsize,
}

/// One check's place of work.
#[derive(Debug)]
pub(crate) struct Lab<'g> {
    pub(crate) shared: &'g Shared<'g>,
    output: RefCell<Vec<OutputLine>>,
}

/// A fresh server of a check. What it printed goes to the lab when it is dropped.
#[derive(Debug)]
pub(crate) struct Running<'l> {
    pub(crate) server: Server,
    subject: &'l Subject,
    output: &'l RefCell<Vec<OutputLine>>,
    patience: Duration,
    ends: Instant,
    registered: Registered<'l>,
}

impl<'g> Lab<'g> {
    pub(crate) fn new(shared: &'g Shared<'g>) -> Self {
        Self {
            shared,
            output: RefCell::default(),
        }
    }

    /// Starts a fresh server and waits for the address it prints. Nothing connects to it: to
    /// a server that serves one client at a time a probe is a client.
    pub(crate) fn start(&self) -> Result<Running<'_>, Halt> {
        let patience = self.patience()?;
        let launch: Launch = self.shared.subject.launch().announce_within(patience);
        let registry = self.shared.registry;
        let server = launch.start_while(|| !registry.is_closed());
        let server = server.map_err(|error| match error {
            LaunchError::GivenUp { .. } => Halt::TimeIsUp,
            error => Halt::NoServer(error),
        })?;
        let registered = registry.enter(&server);
        Ok(Running {
            server,
            subject: self.shared.subject,
            output: &self.output,
            patience,
            ends: self.shared.ends,
            registered,
        })
    }

    /// How long the next wait may take.
    pub(crate) fn patience(&self) -> Result<Duration, Halt> {
        let left = self.shared.ends.saturating_duration_since(Instant::now());
        if left.is_zero() || self.shared.registry.is_closed() {
            return Err(Halt::TimeIsUp);
        }
        Ok(left.min(LIVENESS))
    }

    /// The command of a round trip.
    pub(crate) fn echo(&self) -> &'static str {
        self.shared.commands.echo()
    }

    /// What the last server of this check printed.
    pub(crate) fn take_output(&self) -> Vec<OutputLine> {
        self.output.take()
    }
}

impl Running<'_> {
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) fn connect(&self) -> Result<Peer, Trouble> {
        Peer::connect(self.address(), self.patience, self.ends)
    }

    /// Connects the client of a check that is called `name`.
    pub(crate) fn peer(&self, claim: &Claim, name: &str) -> Result<Peer, Halt> {
        let connected = self.connect();
        connected
            .map_err(|trouble| claim.trouble(&format!("{name}'s connection"), &trouble))
    }

    /// Tells it to stop.
    pub(crate) fn terminate(&self) {
        self.subject.terminate(&self.server);
    }

    /// Adds to what went wrong that the server has ended, if it has: one that crashes loses
    /// its clients a moment before it is gone.
    pub(crate) fn with_its_end(&mut self, halt: Halt) -> Halt {
        match self.server.wait(LAST_MOMENT) {
            Ok(status) => halt.told(&format!("; the server ended with {status}")),
            Err(_) => halt,
        }
    }

    /// Waits for its end, which has to be with status 0.
    pub(crate) fn expect_exit(&mut self, claim: &Claim) -> Result<(), Halt> {
        match self.server.wait(self.patience) {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(claim.broken(format!("it ended with {status}"))),
            Err(LaunchError::StillRuns { within, .. }) => {
                Err(claim.silent(format!("it still runs {within:.0?} after SIGTERM")))
            }
            Err(error) => Err(Halt::NoServer(error)),
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Its end closes the pipes, so that all it printed is there to be read.
        let _ = self.server.kill();
        self.registered.left_behind(self.server.left_behind());
        self.output.replace(self.server.output());
    }
}
