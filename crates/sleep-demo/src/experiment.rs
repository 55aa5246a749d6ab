//! One experiment: a scenario's servers are launched, played and stopped, once or several
//! times.

use std::{thread, time::SystemTime};

use launch::Interrupt;
use timeline::record::{Record, Run, VERSION};

use crate::{
    choosing::ChosenServer,
    error::Error,
    play::{self, PlayError, PlayedServer},
    scenario::Scenario,
    viewer::Viewer,
};

/// A scenario with the servers that it is played against.
#[derive(Debug)]
pub struct Experiment {
    /// At the speed at which it is played.
    pub scenario: Scenario,
    /// What its times were divided by.
    pub speed: f64,
    /// Whether the servers' threads and backlogs are looked at.
    pub is_observed: bool,
    /// Never empty.
    pub chosen_servers: Vec<ChosenServer>,
}

impl Experiment {
    /// Plays it once: all servers at once, unless the scenario or `in_turn` says
    /// otherwise. Returns the run, and the first server that crashed in it.
    ///
    /// # Errors
    ///
    /// An [`Error`]; every server that was launched has been stopped.
    pub fn run(
        &self,
        in_turn: bool,
        interrupt: &Interrupt,
        viewer: &mut Viewer<'_>,
    ) -> Result<(Run, Option<Error>), Error> {
        let mut played_servers = Vec::new();
        for (index, chosen) in self.chosen_servers.iter().enumerate() {
            played_servers.push(chosen.start(index, &self.scenario, interrupt)?);
            if let Some(signal) = interrupt.signal() {
                return Err(PlayError::Interrupted { signal }.into());
            }
        }
        let clients = &self.scenario.clients;
        let in_turn = in_turn || self.scenario.isolate;
        let at_once = if in_turn { 1 } else { played_servers.len() };
        let mut recording =
            play::prepare(clients, &played_servers, in_turn, self.is_observed);
        let mut crashed = None;
        for group in played_servers.chunks_mut(at_once) {
            let names: Vec<&str> = group.iter().map(PlayedServer::name).collect();
            viewer.before(&names)?;
            let during = |run: &Run, now| viewer.during(run, now);
            let ended = play::play(clients, group, &mut recording, interrupt, during)?;
            crashed = crashed.or(ended);
        }
        for played in played_servers {
            played.stop()?;
        }
        Ok((recording.into_run(), crashed.map(Error::from)))
    }

    /// The record of these runs.
    #[must_use]
    pub fn record(&self, started: SystemTime, runs: Vec<Run>) -> Record {
        Record {
            version: VERSION,
            program: concat!("sleep-demo ", env!("CARGO_PKG_VERSION")).to_owned(),
            started: humantime::format_rfc3339_millis(started).to_string(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            scenario: self.scenario.lesson.clone(),
            speed: self.speed,
            runs,
        }
    }
}
