//! Which servers a scenario is played against: its own, or those that the options name.

use std::path::PathBuf;

use launch::{Interrupt, find_in_path};
use timeline::Places;

use crate::{
    error::Error,
    options::Options,
    play::{PlayError, PlayedServer},
    scenario::{Scenario, ServerSpec},
};

/// A server to be played against.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenServer {
    spec: ServerSpec,
    /// What the queue model takes for granted; `None` when nothing is known.
    places: Option<Places>,
    /// Where it runs already, if it does.
    runs_at: Option<String>,
    /// Where it is started: the scenario's folder for a server of the scenario, the
    /// user's for one that the command line names.
    folder: PathBuf,
}

impl ChosenServer {
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
    ) -> Result<PlayedServer, PlayError> {
        let Self {
            spec,
            places,
            folder,
            ..
        } = self;
        let places = *places;
        let mut played = match &self.runs_at {
            Some(address) => PlayedServer::meet(index, spec, places, address.clone()),
            None => PlayedServer::launch(index, spec, places, folder, interrupt)?,
        };
        played.calibrate(&scenario.clients, interrupt)?;
        Ok(played)
    }
}

/// Decides on the servers, and says which are left out.
///
/// # Errors
///
/// [`Error::Usage`] when the options name a server that the scenario hasn't.
pub fn choose_servers(
    scenario: &Scenario,
    options: &Options,
) -> Result<(Vec<ChosenServer>, Vec<String>), Error> {
    if let Some(address) = &options.connect {
        let spec = stranger(address.clone(), address);
        return Ok((
            vec![ChosenServer {
                spec,
                places: None,
                runs_at: Some(address.clone()),
                folder: PathBuf::new(),
            }],
            vec![],
        ));
    }
    let own = |spec: &ServerSpec| ChosenServer {
        places: Some(spec.places),
        spec: spec.clone(),
        runs_at: None,
        folder: scenario.folder.clone(),
    };
    let mut chosen_servers: Vec<ChosenServer> =
        scenario.servers.iter().map(own).collect();
    for text in &options.servers {
        let named = text.split_once('=');
        match named
            .map(|(name, command)| (name, replace(&mut chosen_servers, name, command)))
        {
            Some((_, Some(()))) => {}
            Some((name, None)) if !name.contains([' ', '/']) => {
                return Err(no_server("--server", &chosen_servers, scenario, name));
            }
            _ => {
                let spec = stranger(free_name(text, &chosen_servers), text);
                chosen_servers.push(ChosenServer {
                    spec,
                    places: None,
                    runs_at: None,
                    folder: PathBuf::from("."),
                });
            }
        }
    }
    for name in &options.only {
        if !chosen_servers.iter().any(|chosen| chosen.name() == name) {
            return Err(no_server("--only", &chosen_servers, scenario, name));
        }
    }
    if !options.only.is_empty() {
        chosen_servers
            .retain(|chosen| options.only.iter().any(|name| name == chosen.name()));
    }
    let is_missing = |chosen: &ChosenServer| {
        chosen
            .spec
            .needs
            .as_ref()
            .is_some_and(|one| find_in_path(one).is_none())
    };
    let (missing, chosen_servers): (Vec<ChosenServer>, Vec<ChosenServer>) =
        chosen_servers.into_iter().partition(is_missing);
    let says = |chosen: &ChosenServer| {
        let needs = chosen.spec.needs.as_deref().unwrap_or_default();
        format!("skipped {}: {needs} is not installed", chosen.name())
    };
    Ok((chosen_servers, missing.iter().map(says).collect()))
}

/// Puts a command in a server's place; what the scenario says of it stays.
fn replace(chosen_servers: &mut [ChosenServer], name: &str, command: &str) -> Option<()> {
    let chosen = chosen_servers
        .iter_mut()
        .find(|chosen| chosen.spec.name == name)?;
    chosen.spec.about = format!("played by {command}");
    chosen.spec.command = command.to_owned();
    chosen.spec.needs = None;
    chosen.folder = PathBuf::from(".");
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
fn free_name(command: &str, chosen_servers: &[ChosenServer]) -> String {
    let is_free = |name: &String| {
        !chosen_servers
            .iter()
            .any(|chosen| chosen.spec.name == *name)
    };
    let numbered = (2..).map(|number| format!("{command} ({number})"));
    let mut names = std::iter::once(command.to_owned()).chain(numbered);
    names.find(is_free).unwrap_or_default()
}

fn no_server(
    option: &str,
    chosen_servers: &[ChosenServer],
    scenario: &Scenario,
    name: &str,
) -> Error {
    let known: Vec<&str> = chosen_servers.iter().map(ChosenServer::name).collect();
    Error::Usage(format!(
        "{option}: {} has no server '{name}'; it has {}",
        scenario.lesson.name,
        known.join(", ")
    ))
}
