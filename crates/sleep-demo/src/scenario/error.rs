//! What makes a scenario unreadable, with the place in the file.

use std::{fmt, io, ops::Range, path::PathBuf};

use thiserror::Error;

/// A place in a scenario file; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Of the file.
    pub line: usize,
    /// Of the line.
    pub column: usize,
}

impl Position {
    /// Where the byte at `offset` stands in `text`.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.chars().count()
                - before
                    .get(..line_start)
                    .map_or(0, |head| head.chars().count())
                + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// A scenario that cannot be played.
#[derive(Debug, Error)]
pub enum ScenarioError {
    /// Occurs when the file holds something that no scenario has.
    #[error("{}:{position}: {what}", .file.display())]
    Invalid {
        /// As it was named.
        file: PathBuf,
        /// Where in it.
        position: Position,
        /// What stands there, and what was expected.
        what: String,
    },
    /// Occurs when the file cannot be read.
    #[error("cannot read the scenario {}: {source}", .file.display())]
    Unreadable {
        /// As it was named.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Occurs when no scenario in the folder has that name.
    #[error(
        "no scenario '{name}' in {}; there are: {}. A path to a file works too",
        .folder.display(), .known.join(", ")
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
        /// What there is.
        known: Vec<String>,
    },
    /// Occurs when the folder of scenarios cannot be listed.
    #[error(
        "cannot list the scenarios in {}: {source}; SLEEP_DEMO_SCENARIOS names their \
         folder",
        .folder.display()
    )]
    NoFolder {
        /// Where they were looked for.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// What is wrong, and where: an error before the file's name is known.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    pub(super) what: String,
}

impl Fault {
    pub(super) fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { span, what }
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "a = 1\n# é é\nb = \"ü\" ?";
        let position = |mark: char| {
            text.find(mark)
                .map(|offset| Position::of(text, offset).to_string())
        };
        assert_eq!(position('a').as_deref(), Some("1:1"));
        assert_eq!(position('b').as_deref(), Some("3:1"));
        assert_eq!(position('?').as_deref(), Some("3:9"));
    }
}
