//! Which servers a scenario is played against: its own, or those that the options name.

use std::path::PathBuf;

use launch::{Interrupt, find_in_path};
use timeline::Places;

use crate::{
    error::Error,
    options::Options,
    play::{PlayError, Stage},
    scenario::{Scenario, ServerSpec},
};

/// A server to be played against.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    spec: ServerSpec,
    /// What the queue model takes for granted; `None` when nothing is known.
    places: Option<Places>,
    /// Where it runs already, if it does.
    runs_at: Option<String>,
    /// Where it is started: the scenario's folder for a server of the scenario, the user's for
    /// one that the command line names.
    folder: PathBuf,
}

impl Cast {
    /// How charts call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// Launches it, or takes it as it runs, and calibrates it.
    ///
    /// # Errors
    ///
    /// A [`PlayError`].
    pub fn enter(
        &self,
        index: usize,
        scenario: &Scenario,
        interrupt: &Interrupt,
    ) -> Result<Stage, PlayError> {
        let Self {
            spec,
            places,
            folder,
            ..
        } = self;
        let places = *places;
        let mut stage = match &self.runs_at {
            Some(address) => Stage::meet(index, spec, places, address.clone()),
            None => Stage::launch(index, spec, places, folder, interrupt)?,
        };
        stage.calibrate(&scenario.clients, interrupt)?;
        Ok(stage)
    }
}

/// Decides on the servers, and says which are left out.
///
/// # Errors
///
/// [`Error::Usage`] when the options name a server that the scenario hasn't.
pub fn cast(
    scenario: &Scenario,
    options: &Options,
) -> Result<(Vec<Cast>, Vec<String>), Error> {
    if let Some(address) = &options.connect {
        let spec = stranger(address.clone(), address);
        return Ok((
            vec![Cast {
                spec,
                places: None,
                runs_at: Some(address.clone()),
                folder: PathBuf::new(),
            }],
            vec![],
        ));
    }
    let own = |spec: &ServerSpec| Cast {
        places: Some(spec.places),
        spec: spec.clone(),
        runs_at: None,
        folder: scenario.folder.clone(),
    };
    let mut casts: Vec<Cast> = scenario.servers.iter().map(own).collect();
    for text in &options.servers {
        let named = text.split_once('=');
        match named.map(|(name, command)| (name, replace(&mut casts, name, command))) {
            Some((_, Some(()))) => {}
            Some((name, None)) if !name.contains([' ', '/']) => {
                return Err(no_server("--server", &casts, scenario, name));
            }
            _ => {
                let spec = stranger(free_name(text, &casts), text);
                casts.push(Cast {
                    spec,
                    places: None,
                    runs_at: None,
                    folder: PathBuf::from("."),
                });
            }
        }
    }
    for name in &options.only {
        if !casts.iter().any(|cast| cast.name() == name) {
            return Err(no_server("--only", &casts, scenario, name));
        }
    }
    if !options.only.is_empty() {
        casts.retain(|cast| options.only.iter().any(|name| name == cast.name()));
    }
    let is_missing = |cast: &Cast| {
        cast.spec
            .needs
            .as_ref()
            .is_some_and(|one| find_in_path(one).is_none())
    };
    let (missing, casts): (Vec<Cast>, Vec<Cast>) =
        casts.into_iter().partition(is_missing);
    let says = |cast: &Cast| {
        let needs = cast.spec.needs.as_deref().unwrap_or_default();
        format!("skipped {}: {needs} is not installed", cast.name())
    };
    Ok((casts, missing.iter().map(says).collect()))
}

/// Puts a command in a server's place; what the scenario says of it stays.
fn replace(casts: &mut [Cast], name: &str, command: &str) -> Option<()> {
    let cast = casts.iter_mut().find(|cast| cast.spec.name == name)?;
    cast.spec.about = format!("played by {command}");
    cast.spec.command = command.to_owned();
    cast.spec.needs = None;
    cast.folder = PathBuf::from(".");
    Some(())
}

/// A server of which nothing is known or expected.
fn stranger(name: String, command: &str) -> ServerSpec {
    ServerSpec {
        name,
        command: command.to_owned(),
        about: "nothing is expected of it".to_owned(),
        places: Places::THREADS,
        needs: None,
        expect: None,
    }
}

/// The command itself, or with a number behind it where that name is taken.
fn free_name(command: &str, casts: &[Cast]) -> String {
    let is_free = |name: &String| !casts.iter().any(|cast| cast.spec.name == *name);
    let numbered = (2..).map(|number| format!("{command} ({number})"));
    let mut names = std::iter::once(command.to_owned()).chain(numbered);
    names.find(is_free).unwrap_or_default()
}

fn no_server(option: &str, casts: &[Cast], scenario: &Scenario, name: &str) -> Error {
    let known: Vec<&str> = casts.iter().map(Cast::name).collect();
    Error::Usage(format!(
        "{option}: {} has no server '{name}'; it has {}",
        scenario.lesson.name,
        known.join(", ")
    ))
}
