//! A server that runs for a check.

use std::{cell::Cell, net::SocketAddr, time::Duration};

use launch::{LaunchError, Server};
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    early_end::{EarlyEnd, FailureText},
    ending::{EXCEPTION, blame_handler, early, ended, heed_printed, is_of_an_exception},
    pulse::{Pulse, State},
    registry::Registered,
    subject::Subject,
    test_client::{TestClient, Trouble},
    verdict::Failure,
    vigil::{Over, Vigil},
    workbench::Shared,
};

/// How long a server that crashes may take from its last connection to its end.
const LAST_MOMENT: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(20);
/// How much longer a server may sleep after SIGTERM: it may look only now and then
/// whether it has to stop.
const LOOKS_SELDOM: Duration = Duration::from_secs(2);
/// What a report says of a server that the end of the check's clients may wake.
const SLEPT_ON: &str = "it slept after SIGTERM";

/// A fresh server of a check; it is ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Running<'l> {
    pub(crate) server: Server,
    subject: &'l Subject,
    patience: Duration,
    shared: &'l Shared<'l>,
    registered: Registered<'l>,
    is_terminated: Cell<bool>,
    /// How many clients have connected.
    clients: Cell<usize>,
}

impl<'l> Running<'l> {
    pub(crate) fn new(
        server: Server,
        shared: &'l Shared<'l>,
        patience: Duration,
    ) -> Self {
        let registered = shared.registry.enter(&server);
        Self {
            server,
            subject: shared.subject,
            patience,
            shared,
            registered,
            is_terminated: Cell::new(false),
            clients: Cell::new(0),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) fn pulse(&self) -> Pulse {
        Pulse::of(self.server.pid())
    }

    /// A wait for something of this server.
    pub(crate) fn vigil(&self) -> Vigil {
        Vigil::new(self.pulse(), self.patience)
    }

    pub(crate) fn connect(&self) -> Result<TestClient, Trouble> {
        let (address, ends) = (self.address(), self.shared.ends);
        let client = TestClient::connect(address, self.patience, ends, self.pulse())?;
        self.clients.set(self.clients.get() + 1);
        Ok(client)
    }

    /// Connects the client of a check that is called `name`.
    pub(crate) fn test_client(
        &self,
        failure_text: &FailureText,
        name: &str,
    ) -> Result<TestClient, EarlyEnd> {
        let connected = self.connect();
        connected.map_err(|trouble| {
            failure_text.trouble(&format!("{name}'s connection"), &trouble)
        })
    }

    /// Connects the client `name` as over a network.
    pub(crate) fn distant_client(
        &self,
        failure_text: &FailureText,
        name: &str,
    ) -> Result<TestClient, EarlyEnd> {
        let (address, ends) = (self.address(), self.shared.ends);
        let connected =
            TestClient::connect_from_afar(address, self.patience, ends, self.pulse());
        connected.map_err(|trouble| {
            failure_text.trouble(&format!("{name}'s connection"), &trouble)
        })
    }

    /// Connects a client and makes a round trip: from then on it is in service.
    pub(crate) fn served_client(
        &self,
        failure_text: &FailureText,
        name: &str,
    ) -> Result<TestClient, EarlyEnd> {
        let mut test_client = self.test_client(failure_text, name)?;
        let trip = test_client.round_trip(self.shared.commands.echo());
        trip.map_err(|trouble| failure_text.first_trouble(name, &trouble))?;
        Ok(test_client)
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        self.is_terminated.set(true);
        self.subject.terminate(&self.server);
    }

    /// Its processes, for signals that must not be late.
    pub(crate) fn pids(&self) -> Vec<Pid> {
        let pids = self.pulse().processes().into_iter();
        pids.filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?))
            .collect()
    }

    /// Ends it now, in the middle of whatever it does, and reads what it has printed.
    pub(crate) fn kill_at_once(&mut self, pids: &[Pid]) {
        signal(pids, Signal::KILL);
        let _ = self.server.kill();
    }

    /// Whether a signal has ended it for something that it did itself.
    pub(crate) fn has_crashed(&mut self) -> bool {
        let end = self.end(LAST_MOMENT).unwrap_or_default();
        end.starts_with("died of signal")
    }

    /// How it ended, if it has ended.
    pub(crate) fn end(&mut self, within: Duration) -> Option<String> {
        let status = self.server.wait(within).ok()?;
        Some(ended(status, self.subject.sandbox.is_some()))
    }

    /// Adds what became of the server, and what it printed. One that crashes loses its
    /// clients a moment before it is gone: a server that sleeps does not crash any more.
    pub(crate) fn add_its_end(&mut self, failure: &mut Failure) {
        let mut asleep = 0;
        let mut end = None;
        for _ in 0..LAST_MOMENT.as_millis() / STEP.as_millis() {
            end = self.end(STEP);
            asleep = match self.pulse().state() {
                State::Asleep => asleep + 1,
                _ => 0,
            };
            if end.is_some() || asleep > 2 {
                break;
            }
        }
        if let Some(end) = end
            .as_ref()
            .filter(|_| failure.is_lost && !self.is_terminated.get())
        {
            (failure.means, failure.likely_causes) = early(end, self.clients.get());
        }
        if self.is_terminated.get() {
            // What ends it now is that the check's clients have left.
            let end = end.as_deref().filter(|_| failure.server != SLEPT_ON);
            blame_handler(failure, end, self.subject.sandbox.is_some());
        }
        let has_ended = end.is_some();
        if failure.server.is_empty() {
            failure.server = match (end, asleep > 2) {
                (Some(end), _) => format!("it {end}"),
                (None, true) => "it runs, and now all its threads wait".to_owned(),
                (None, false) => "it runs".to_owned(),
            };
        }
        failure.printed = self.server.output();
        heed_printed(failure);
        let has_raised = failure
            .printed
            .iter()
            .any(|line| is_of_an_exception(&line.text));
        if has_raised && !has_ended {
            failure.likely_causes.insert(0, EXCEPTION.to_owned());
        }
    }

    /// Waits for its end, which has to be with status 0.
    pub(crate) fn expect_exit(
        &mut self,
        failure_text: &FailureText,
    ) -> Result<(), EarlyEnd> {
        let mut vigil = self.vigil().allowing(LOOKS_SELDOM);
        loop {
            match self.server.wait(STEP) {
                Ok(status) if status.success() => return Ok(()),
                Ok(status) => {
                    let end = ended(status, self.subject.sandbox.is_some());
                    return Err(failure_text.broken(format!("after SIGTERM it {end}")));
                }
                Err(LaunchError::StillRuns { .. }) => {}
                Err(error) => return Err(failure_text.silent(error.to_string())),
            }
            match vigil.is_over() {
                None => {}
                Some(Over::SleptThrough) => {
                    let mut end = failure_text.silent("it did not end after SIGTERM");
                    if let Some(failure) = end.failure() {
                        SLEPT_ON.clone_into(&mut failure.server);
                    }
                    return Err(end);
                }
                Some(Over::TimeIsUp) => {
                    let after = vigil.elapsed();
                    return Err(failure_text
                        .silent(format!("it still runs {after:.0?} after SIGTERM")));
                }
            }
        }
    }
}

/// Sends a signal to processes, of which some may have ended.
pub(crate) fn signal(pids: &[Pid], signal: Signal) {
    for pid in pids {
        let _ = kill_process(*pid, signal);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Its end closes the pipes, so that all it printed is there to be read.
        let _ = self.server.kill();
        self.registered.left_behind(self.server.left_behind());
    }
}
