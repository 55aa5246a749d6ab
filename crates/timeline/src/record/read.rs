//! Reads a record from JSON that anybody may have written: what cannot be drawn is
//! refused, and the error names the place.

use std::fmt;

use serde::{Deserialize, de::IgnoredAny};

use super::{Record, VERSION, check};
use crate::columns;

/// The largest record that is read: 256 MiB, some hundred times what a crowd takes.
pub const MOST_BYTES: usize = 256 << 20;

/// Why something is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    /// Where: `line 12, column 20` or `.runs[0].servers`. Empty for the whole.
    pub place: String,
    /// What stands there, or what was expected.
    pub what: String,
}

impl std::error::Error for RecordError {}

impl fmt::Display for RecordError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => formatter.write_str(&self.what),
            place => write!(formatter, "{place}: {}", self.what),
        }
    }
}

/// What every version of a record has.
#[derive(Deserialize)]
#[serde(expecting = "a run record")]
struct Head {
    version: Option<u64>,
    program: Option<String>,
    runs: Option<IgnoredAny>,
}

impl Record {
    /// Reads a record of any version up to [`VERSION`] from its JSON.
    ///
    /// # Errors
    ///
    /// Occurs when it is cut short, is another program's JSON or a later version's
    /// record, or holds what no run can have shown: times that run backwards, or of more
    /// than 11 days.
    pub fn read(json: &[u8]) -> Result<Self, RecordError> {
        if json.len() > MOST_BYTES {
            let what = format!(
                "larger than {} MiB, the most that is read",
                MOST_BYTES >> 20
            );
            return Err(whole(&what));
        }
        if json.trim_ascii().is_empty() {
            return Err(whole("empty; expected a run record"));
        }
        let head: Head = serde_json::from_slice(json).map_err(|error| at(&error))?;
        let (Some(version), Some(_)) = (head.version, &head.runs) else {
            return Err(whole("not a run record: it has no 'version' or no 'runs'"));
        };
        if !(1..=u64::from(VERSION)).contains(&version) {
            return Err(unknown_version(version, &head.program.unwrap_or_default()));
        }
        let record: Self = serde_json::from_slice(json).map_err(|error| at(&error))?;
        check::record(&record)?;
        Ok(record)
    }
}

fn unknown_version(version: u64, program: &str) -> RecordError {
    let wrote = match shortened(program) {
        program if program.is_empty() => "the version that wrote it".to_owned(),
        program => program,
    };
    RecordError {
        place: ".version".to_owned(),
        what: format!(
            "version {version} of the format is newer than {VERSION}, the last one that \
             this program knows; replay it with {wrote}"
        ),
    }
}

fn whole(what: &str) -> RecordError {
    RecordError {
        place: String::new(),
        what: what.to_owned(),
    }
}

/// The parser's error, without the place that it repeats at its end.
fn at(error: &serde_json::Error) -> RecordError {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let suffix = format!(" at line {line} column {column}");
    let what = shortened(text.strip_suffix(&suffix).unwrap_or(&text));
    let what = match error.classify() {
        serde_json::error::Category::Eof => format!("cut short: {what}"),
        serde_json::error::Category::Syntax => format!("no JSON: {what}"),
        _ => what,
    };
    RecordError {
        place: format!("line {line}, column {column}"),
        what,
    }
}

/// A foreign text, short enough for one line of an error; what was expected is its end.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let short = |text| columns::cut(&proto::blanked(text), SHOWN, false);
    match text.rsplit_once(", expected ") {
        Some((found, due)) => format!("{}, expected {}", short(found), short(due)),
        None => short(text),
    }
}
