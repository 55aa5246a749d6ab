//! Where the report of a class goes: `--report`, `--report FILE`.

use std::{convert::Infallible, io, path::PathBuf, str::FromStr};

use super::ClassReport;
use crate::{entry::Entry, files};

/// The value of `--report` that stands for the terminal.
pub(crate) const PRINTED: &str = "-";

/// What `--report` asks for.
#[derive(Clone, Debug)]
pub(crate) enum Destination {
    Printed,
    /// The ending of its name says what is written to it.
    File(PathBuf),
}

impl FromStr for Destination {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            PRINTED => Self::Printed,
            file => Self::File(file.into()),
        })
    }
}

impl Destination {
    /// Refuses a file whose ending is unknown, before a class is judged.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self {
            Self::File(file) if Form::of(file).is_none() => Err(format!(
                "--report {}: its name must end in .txt, .json or .svg; \
                 put a --report without FILE last",
                file.display()
            )),
            _ => Ok(()),
        }
    }

    /// Writes the report if it goes to a file.
    pub(crate) fn write(&self, report: &ClassReport) -> Result<(), String> {
        let Self::File(file) = self else {
            return Ok(());
        };
        if Entry::read(file).is_some() {
            let what = "it is the report of a submission; choose another name";
            return Err(format!("--report {}: {what}", file.display()));
        }
        let text = match Form::of(file) {
            Some(Form::Json) => report.json(),
            Some(Form::Svg) => Ok(report.picture()),
            Some(Form::Text) | None => Ok(report.table()),
        };
        let written = text.map_err(io::Error::from);
        let written = written.and_then(|text| files::replace(file, &text));
        written.map_err(|error| format!("{}: {error}", file.display()))
    }
}

enum Form {
    Text,
    Json,
    Svg,
}

impl Form {
    fn of(file: &std::path::Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "txt" => Some(Self::Text),
            "json" => Some(Self::Json),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }
}
