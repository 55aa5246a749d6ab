//! A server that is ready to be played against: launched, and asked what the queue model
//! needs.

use std::{path::Path, time::Duration};

use launch::{Interrupt, Launch, LaunchError, Server, Stream};
use proto::printable;

use timeline::{Places, record::ServerRun};

use super::{PlayError, blank::blank, calibration::Calibration, keys::Keys};
use crate::scenario::{ClientSpec, ServerSpec};

/// How long a server may take to end after its connections have.
const LAST_BREATH: Duration = Duration::from_secs(1);

/// How long a server may take to stop after the run.
const GRACE: Duration = Duration::from_secs(2);

/// A server, and what is known of it.
#[derive(Debug)]
pub struct PlayedServer {
    /// Which of the run's servers it is.
    index: usize,
    spec: ServerSpec,
    places: Option<Places>,
    address: String,
    process: Option<Server>,
    calibration: Calibration,
    /// What is cleaned up on a server that runs on; dropped with this value.
    keys: Keys,
}

impl PlayedServer {
    /// Launches a server on a free port; `folder` is where it is started.
    ///
    /// # Errors
    ///
    /// [`PlayError::Launch`] and [`PlayError::Interrupted`].
    pub fn launch(
        index: usize,
        spec: &ServerSpec,
        places: Option<Places>,
        folder: &Path,
        interrupt: &Interrupt,
    ) -> Result<Self, PlayError> {
        let failed = |source| PlayError::Launch {
            name: spec.name.clone(),
            source,
        };
        let launch = Launch::parse_command(&spec.command).map_err(failed)?;
        let launch = launch.args(["--listen", "127.0.0.1:0"]).current_dir(folder);
        let started = launch.start_while(|| interrupt.signal().is_none());
        let process = started.map_err(|source| match (&source, interrupt.signal()) {
            (LaunchError::GivenUp { .. }, Some(signal)) => {
                PlayError::Interrupted { signal }
            }
            _ => failed(source),
        })?;
        let address = process.address().to_string();
        Ok(Self {
            process: Some(process),
            ..Self::running_at(index, spec, places, address)
        })
    }

    /// Takes a server that runs already, at `HOST:PORT`.
    #[must_use]
    pub fn running_at(
        index: usize,
        spec: &ServerSpec,
        places: Option<Places>,
        address: String,
    ) -> Self {
        Self {
            index,
            spec: spec.clone(),
            places,
            address,
            process: None,
            calibration: Calibration::default(),
            keys: Keys::default(),
        }
    }

    /// Its name in the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// How long it serves a request, as far as that is known.
    pub(super) fn service(&self, request: &str) -> Option<Duration> {
        self.calibration.service(request)
    }

    /// Its process, if it was launched here.
    pub(super) fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Server::pid)
    }

    pub(super) fn timed(&self) -> bool {
        self.calibration.timed
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Learns whether the server knows TIMED, and sends one request of each kind whose
    /// service time only the server knows, over a connection that ends before the run.
    ///
    /// # Errors
    ///
    /// [`PlayError::NoAnswer`], [`PlayError::Crashed`] and [`PlayError::Interrupted`].
    pub fn calibrate(
        &mut self,
        clients: &[ClientSpec],
        interrupt: &Interrupt,
    ) -> Result<(), PlayError> {
        if self.process.is_none() {
            self.keys = Keys::absent(&self.address, clients, interrupt);
        }
        match Calibration::of(&self.address, clients, interrupt) {
            Ok(calibration) => {
                self.calibration = calibration;
                Ok(())
            }
            Err(source) => {
                if let Some(signal) = interrupt.signal() {
                    return Err(PlayError::Interrupted { signal });
                }
                self.still_runs(true, "before the run, when it was measured")?;
                Err(PlayError::NoAnswer {
                    name: self.spec.name.clone(),
                    source,
                    output: self.process.as_ref().map(last_output),
                })
            }
        }
    }

    /// The record of a run that has not begun, and when the model has its last client
    /// leave.
    pub(super) fn blank(&self, clients: &[ClientSpec]) -> (ServerRun, Option<Duration>) {
        let (connections, horizon) = blank(clients, self.places, &self.calibration);
        let server = ServerRun {
            name: self.spec.name.clone(),
            command: self.spec.command.clone(),
            about: self.spec.about.clone(),
            address: self.address.clone(),
            places: self.places,
            timed: self.timed(),
            expect: self.spec.expect.clone(),
            connections,
            ..ServerRun::default()
        };
        (server, horizon)
    }

    /// Whether the server has survived so far, that is: `when`. One that `lost` a
    /// connection may be ending.
    pub(super) fn still_runs(
        &mut self,
        lost: bool,
        when: &'static str,
    ) -> Result<(), PlayError> {
        let within = if lost { LAST_BREATH } else { Duration::ZERO };
        let Some(process) = &mut self.process else {
            return Ok(());
        };
        match process.wait(within) {
            Err(LaunchError::StillRuns { .. }) => Ok(()),
            Err(source) => Err(PlayError::Launch {
                name: self.spec.name.clone(),
                source,
            }),
            Ok(status) => Err(PlayError::Crashed {
                name: self.spec.name.clone(),
                when,
                status,
                output: last_output(process),
            }),
        }
    }

    /// Stops the server that was launched.
    ///
    /// # Errors
    ///
    /// [`PlayError::Launch`].
    pub fn stop(mut self) -> Result<(), PlayError> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        let stopped = process.stop(GRACE);
        stopped.map(drop).map_err(|source| PlayError::Launch {
            name: self.spec.name,
            source,
        })
    }
}

/// Its last lines, those on standard error at the end, without terminal escapes.
fn last_output(process: &Server) -> Vec<String> {
    let mut output = process.lines(Stream::Stdout);
    output.extend(process.lines(Stream::Stderr));
    let last = output.split_off(output.len().saturating_sub(20));
    let escaped = last.iter().map(printable);
    escaped.collect()
}
