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

    /// A server of which nothing is known or expected, started in the user's folder.
    fn unknown(name: String, command: &str) -> Self {
        Self {
            spec: ServerSpec {
                name,
                command: command.to_owned(),
                about: "the scenario expects nothing of it".to_owned(),
                places: Places::THREADS,
                needs: None,
                expect: None,
            },
            places: None,
            runs_at: None,
            folder: PathBuf::from("."),
        }
    }

    /// Whether the program that it needs is not installed.
    fn is_missing(&self) -> bool {
        let needs = self.spec.needs.as_ref();
        needs.is_some_and(|program| find_in_path(program).is_none())
    }

    /// Launches it, or takes it as it runs, and calibrates it.
    ///
    /// # Errors
    ///
    /// A [`PlayError`].
    pub fn start(
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
            Some(address) => {
                PlayedServer::running_at(index, spec, places, address.clone())
            }
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
        let running = ChosenServer {
            runs_at: Some(address.clone()),
            folder: PathBuf::new(),
            ..ChosenServer::unknown(address.clone(), address)
        };
        return Ok((vec![running], vec![]));
    }
    let own = |spec: &ServerSpec| ChosenServer {
        places: Some(spec.places),
        spec: spec.clone(),
        runs_at: None,
        folder: scenario.folder.clone(),
    };
    let mut chosen: Vec<ChosenServer> = scenario.servers.iter().map(own).collect();
    for text in &options.servers {
        put(&mut chosen, scenario, text)?;
    }
    keep_only(&mut chosen, scenario, &options.only)?;
    let (missing, chosen): (Vec<ChosenServer>, Vec<ChosenServer>) =
        chosen.into_iter().partition(ChosenServer::is_missing);
    let says = |chosen: &ChosenServer| {
        let needs = chosen.spec.needs.as_deref().unwrap_or_default();
        format!("skipped {}: {needs} is not installed", chosen.name())
    };
    Ok((chosen, missing.iter().map(says).collect()))
}

/// `--server [NAME=]COMMAND`: replaces the server of that name, or adds one.
fn put(
    chosen_servers: &mut Vec<ChosenServer>,
    scenario: &Scenario,
    text: &str,
) -> Result<(), Error> {
    if let Some((name, command)) = text.split_once('=') {
        if replace(chosen_servers, name, command).is_some() {
            return Ok(());
        }
        if !name.contains([' ', '/']) {
            return Err(no_server("--server", chosen_servers, scenario, name));
        }
    }
    let name = free_name(text, chosen_servers);
    chosen_servers.push(ChosenServer::unknown(name, text));
    Ok(())
}

/// `--only NAMES`.
fn keep_only(
    chosen_servers: &mut Vec<ChosenServer>,
    scenario: &Scenario,
    only: &[String],
) -> Result<(), Error> {
    let is_chosen = |name: &String| chosen_servers.iter().any(|one| one.name() == name);
    if let Some(name) = only.iter().find(|name| !is_chosen(name)) {
        return Err(no_server("--only", chosen_servers, scenario, name));
    }
    if !only.is_empty() {
        chosen_servers.retain(|chosen| only.iter().any(|name| name == chosen.name()));
    }
    Ok(())
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
