//! Where scenarios are found: a folder of them, or a file anywhere.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use super::{Position, Scenario, ScenarioError, error::Fault, read, text};

/// The repository's scenarios, for a program that was built in it and is run from
/// elsewhere.
const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demos");

/// In which order a course shows them; others follow by name.
const TEACHING_ORDER: [&str; 14] = [
    "head-of-line",
    "idle-client",
    "polite-client",
    "one-connection",
    "thread-limit",
    "pool",
    "rendezvous",
    "lost-update",
    "lock-too-long",
    "cpu-bound",
    "python-gil",
    "event-loop",
    "redis",
    "crowd",
];

/// A folder of scenario files.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder of the caller's choice.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder that `SLEEP_DEMO_SCENARIOS` names, else the repository's.
    #[must_use]
    pub fn from_environment() -> Self {
        let named = env::var_os("SLEEP_DEMO_SCENARIOS").filter(|path| !path.is_empty());
        Self::new(named.map_or_else(|| PathBuf::from(REPOSITORY), PathBuf::from))
    }

    /// Where it is; the servers of its scenarios are started there.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the recorded runs are.
    #[must_use]
    pub fn recorded(&self) -> PathBuf {
        self.path.join("recorded")
    }

    /// The names of the recorded runs, in teaching order; none where the folder cannot be
    /// read.
    #[must_use]
    pub fn recorded_names(&self) -> Vec<String> {
        names_in(&self.recorded(), "json").unwrap_or_default()
    }

    /// The names of all scenarios, in teaching order.
    ///
    /// # Errors
    ///
    /// [`ScenarioError::NoFolder`].
    pub fn names(&self) -> Result<Vec<String>, ScenarioError> {
        let no_folder = |source| ScenarioError::NoFolder {
            folder: self.path.clone(),
            source,
        };
        names_in(&self.path, "toml").map_err(no_folder)
    }

    /// Reads the scenario of that name; what has a `/` or ends in `.toml` is a file's
    /// path.
    ///
    /// # Errors
    ///
    /// A [`ScenarioError`].
    pub fn scenario(&self, name: &str) -> Result<Scenario, ScenarioError> {
        if name.contains('/') || name.ends_with(".toml") {
            return Scenario::from_file(Path::new(name));
        }
        let file = self.path.join(format!("{name}.toml"));
        if !file.exists() {
            return Err(ScenarioError::Unknown {
                name: name.to_owned(),
                folder: self.path.clone(),
                known: self.names()?,
            });
        }
        Scenario::from_file(&file)
    }
}

/// The names of a folder's files of one kind, in teaching order.
fn names_in(folder: &Path, extension: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|one| one == extension) {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into()));
        }
    }
    names.sort_by_key(|name: &String| {
        let place = TEACHING_ORDER.iter().position(|known| known == name);
        (place.unwrap_or(TEACHING_ORDER.len()), name.clone())
    });
    Ok(names)
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// [`ScenarioError::Unreadable`] or [`ScenarioError::Invalid`].
    pub fn from_file(path: &Path) -> Result<Self, ScenarioError> {
        let text = text::of(path)?;
        Self::parse(path, &text)
    }

    /// Reads the text of a scenario file; `path` gives it its name.
    ///
    /// # Errors
    ///
    /// [`ScenarioError::Invalid`].
    pub fn parse(path: &Path, text: &str) -> Result<Self, ScenarioError> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let place = |fault: &Fault| Position::of(text, fault.span.start);
        let (mut scenario, warnings) = read::read(&proto::printable(&*name), text)
            .map_err(|fault| ScenarioError::Invalid {
                file: path.to_owned(),
                position: place(&fault),
                what: fault.what,
            })?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        scenario.folder = folder.unwrap_or(Path::new(".")).to_owned();
        let file = path.display();
        let warn = |fault: &Fault| format!("{file}:{}: {}", place(fault), fault.what);
        scenario.warnings = warnings.iter().map(warn).collect();
        Ok(scenario)
    }
}
