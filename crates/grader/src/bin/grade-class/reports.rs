//! The folder of reports: who writes to it, and what each submission has in it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    confinement::Confinement,
    entry::{Entry, Origin, Verdict},
    error::Error,
    files,
    options::Options,
    submission::Submission,
};

/// What a submission's report says until its judgement has come to an end.
const UNFINISHED: &str = "the judgement did not finish";

pub(crate) struct Reports {
    pub(crate) folder: PathBuf,
    origin: Origin,
    /// Held while reports are written.
    _lock: File,
}

impl Reports {
    /// Makes the folder, for this run alone.
    pub(crate) fn open(folder: PathBuf, confinement: Confinement) -> Result<Self, Error> {
        fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
        let lock = File::create(folder.join(".lock")).map_err(Error::at(&folder))?;
        if lock.try_lock().is_err() {
            let why = format!(
                "another run writes to {}; give this one another folder",
                folder.display()
            );
            return Err(Error::Environment(why));
        }
        Ok(Self {
            folder,
            origin: Origin::here(confinement),
            _lock: lock,
        })
    }

    /// Whether a submission is to be judged in this run.
    pub(crate) fn is_due(&self, submission: &Submission, options: &Options) -> bool {
        match Entry::read(&self.of(submission, ".json")) {
            None => true,
            Some(_) if !options.resume && !options.regrade => true,
            // A run that was stopped left marks on what it had not judged.
            Some((entry, _)) => {
                let is_open = entry.verdict == Verdict::Regrade;
                is_open && (options.regrade || entry.detail == UNFINISHED)
            }
        }
    }

    /// Says of a submission that its judgement has begun.
    pub(crate) fn begin(&self, submission: &Submission) -> Result<(), Error> {
        self.note(submission, Verdict::Regrade, UNFINISHED, None)
    }

    /// Writes NAME.json.
    pub(crate) fn note(
        &self,
        submission: &Submission,
        verdict: Verdict,
        detail: &str,
        report: Option<Value>,
    ) -> Result<(), Error> {
        let entry = self.origin.entry(submission, verdict, detail);
        let path = self.of(submission, ".json");
        entry.write(&path, report).map_err(Error::at(&path))
    }

    /// Writes a NAME.json that another host made.
    pub(crate) fn take_in(
        &self,
        submission: &Submission,
        entry: &Entry,
        report: Value,
    ) -> Result<(), Error> {
        let path = self.of(submission, ".json");
        entry.write(&path, Some(report)).map_err(Error::at(&path))
    }

    /// Writes NAME.txt.
    pub(crate) fn print(&self, submission: &Submission, text: &str) -> Result<(), Error> {
        let path = self.of(submission, ".txt");
        files::replace(&path, text).map_err(Error::at(&path))
    }

    fn of(&self, submission: &Submission, ending: &str) -> PathBuf {
        let mut name = submission.file_name();
        name.push(ending);
        self.folder.join(name)
    }
}

/// Where the reports on a folder of submissions go if nobody says: beside it.
pub(crate) fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.to_owned().into_os_string();
    name.push("-reports");
    name.into()
}
