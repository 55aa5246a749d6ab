//! What came of one submission, as its report NAME.json holds it beside the grader's own
//! part.

use std::{path::Path, time::SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{files, kit, submission::Submission};

/// What is known of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Graded,
    DoesNotBuild,
    NoServer,
    NoSubmission,
    /// It may not be judged as it is: a link leads out of it.
    Refused,
    /// The machine failed, or the run did: no grade.
    Regrade,
}

impl Verdict {
    /// Its name in the gradebook and in JSON.
    pub(crate) fn name(self) -> String {
        let name = serde_json::to_value(self).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    }
}

/// The part of a report that is about the submission and the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    pub(crate) detail: String,
    pub(crate) confinement: String,
    pub(crate) host: String,
    pub(crate) kit: String,
    pub(crate) judged_at: String,
}

/// Where and by what it is judged: the same for all of a run.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    confinement: String,
    host: String,
    kit: String,
}

impl Origin {
    pub(crate) fn here(confinement: impl ToString) -> Self {
        let host = rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned();
        Self {
            confinement: confinement.to_string(),
            host,
            kit: kit::version(),
        }
    }

    pub(crate) fn entry(
        &self,
        name: &Submission,
        verdict: Verdict,
        detail: &str,
    ) -> Entry {
        Entry {
            name: name.name.to_string_lossy().into_owned(),
            verdict,
            detail: detail.trim().to_owned(),
            confinement: self.confinement.clone(),
            host: self.host.clone(),
            kit: self.kit.clone(),
            judged_at: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            confinement,
            host,
            kit,
        } = self;
        let now = humantime::format_rfc3339_seconds(SystemTime::now());
        write!(
            formatter,
            "judged on {host} at {now} by kit {kit}; confined by: {confinement}"
        )
    }
}

impl Entry {
    /// Replaces the report of a submission.
    pub(crate) fn write(
        &self,
        path: &Path,
        report: Option<Value>,
    ) -> std::io::Result<()> {
        let mut whole = match report {
            Some(Value::Object(report)) => report,
            _ => Map::new(),
        };
        whole.insert("submission".to_owned(), json!(self));
        let text = serde_json::to_string_pretty(&whole)? + "\n";
        files::replace(path, &text)
    }

    /// The entry of a report, and the report; nothing if it is none of ours.
    pub(crate) fn read(path: &Path) -> Option<(Self, Value)> {
        let text = std::fs::read(path).ok()?;
        let report: Value = serde_json::from_slice(&text).ok()?;
        let entry = serde_json::from_value(report.get("submission")?.clone()).ok()?;
        Some((entry, report))
    }
}
