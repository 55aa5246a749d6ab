//! The servers of the table, as the scenarios of its questions name them.

use std::path::{Path, PathBuf};

use launch::{Interrupt, Launch, LaunchError, Server, find_in_path};
use timeline::designs::Cell;

use super::question::Answers;
use crate::{
    error::Error,
    play::PlayError,
    scenario::{Scenario, ServerSpec},
};

/// The scenario whose servers are measured where a question is no scenario.
const MEASURED: &str = "silent-client";

/// Where the scenarios of the questions are.
pub(super) struct Subjects {
    folder: PathBuf,
}

impl Subjects {
    pub(super) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The scenarios of a question: one for the kit's servers, and one for Redis where
    /// that has to be asked in other words.
    pub(super) fn scenarios(&self, question: &str) -> Result<Vec<Scenario>, Error> {
        let file = |name: String| self.folder.join(name + ".toml");
        let mut scenarios = vec![Scenario::from_file(&file(question.to_owned()))?];
        let redis = file(format!("{question}-redis"));
        if redis.exists() {
            scenarios.push(Scenario::from_file(&redis)?);
        }
        Ok(scenarios)
    }

    /// Starts one server after the other, and measures each.
    pub(super) fn measure(
        &self,
        answer: impl Fn(&Server, &ServerSpec) -> Cell,
        interrupt: &Interrupt,
    ) -> Result<Answers, Error> {
        let mut answers = Answers::new();
        for scenario in self.scenarios(MEASURED)? {
            for spec in &scenario.servers {
                let cell = match missing(spec) {
                    Some(why) => Cell::Missing { why },
                    None => {
                        let mut server = self.start(spec, interrupt)?;
                        let cell = answer(&server, spec);
                        // One that does not stop is killed when it is dropped.
                        let _ = server.stop(std::time::Duration::from_secs(5));
                        cell
                    }
                };
                answers.insert(spec.name.clone(), cell);
            }
        }
        Ok(answers)
    }

    fn start(
        &self,
        spec: &ServerSpec,
        interrupt: &Interrupt,
    ) -> Result<Server, PlayError> {
        let failed = |source| PlayError::Launch {
            name: spec.name.clone(),
            source,
        };
        let launch = Launch::parse_command(&spec.command).map_err(failed)?;
        let launch = launch.args(["--listen", "127.0.0.1:0"]);
        let started = launch
            .current_dir(&self.folder)
            .start_while(|| interrupt.signal().is_none());
        started.map_err(|source| match (&source, interrupt.signal()) {
            (LaunchError::GivenUp { .. }, Some(signal)) => {
                PlayError::Interrupted { signal }
            }
            _ => failed(source),
        })
    }
}

/// Why a server cannot be asked here, if it cannot.
pub(super) fn missing(spec: &ServerSpec) -> Option<String> {
    let needs = spec
        .needs
        .as_ref()
        .filter(|program| find_in_path(program).is_none())?;
    Some(format!("{needs} is not installed"))
}
