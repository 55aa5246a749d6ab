//! Which design survives which client: one row for each design, one column for each
//! question, and in each cell what a run has shown. `text.rs`, `plain.rs` and `svg.rs`
//! draw it.

mod plain;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

pub use plain::sentences;
pub use svg::picture;
pub use text::lines;

/// The version of the table's shape; it grows when a reader would notice.
pub const VERSION: u32 = 1;

/// The table as it is written to a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// [`VERSION`].
    pub version: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    /// When it was begun: RFC 3339, UTC.
    pub started: String,
    /// Of the machine.
    pub cores: usize,
    /// The columns, from left to right.
    pub questions: Vec<Question>,
    /// The rows, from top to bottom.
    pub designs: Vec<Design>,
}

/// What is asked of each design.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// A name for programs: `slow-request`.
    pub name: String,
    /// What the client does, or what is measured.
    pub title: String,
    /// The same in lines that a narrow column holds.
    pub heading: Vec<String>,
}

/// One design.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// The program that shows it.
    pub server: String,
    /// The heading of its row.
    pub title: String,
    /// One for each question.
    pub cells: Vec<Cell>,
}

/// What one design answered to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Cell {
    /// A run has shown it.
    Answer {
        /// In a word or two: `no wait`, `8,100/s`.
        answer: String,
        /// The same in a sentence.
        means: String,
        /// Whether the question is one that does harm here; `None` for a mere figure.
        harmed: Option<bool>,
        /// The number in the answer, if it is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        figure: Option<f64>,
        /// What was not as expected.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        failures: Vec<String>,
    },
    /// There is no run that could show it.
    Missing {
        /// Why not.
        why: String,
    },
}

impl Table {
    /// Whether all was as expected.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.failures().next().is_none()
    }

    /// What was expected and did not hold, each with its design and its question.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        self.cells().flat_map(|(design, question, cell)| {
            let failures = match cell {
                Cell::Answer { failures, .. } => failures.as_slice(),
                Cell::Missing { .. } => &[],
            };
            let of = format!("{}, {}: ", design.title, question.title);
            failures.iter().map(move |failure| format!("{of}{failure}"))
        })
    }

    fn cells(&self) -> impl Iterator<Item = (&Design, &Question, &Cell)> {
        self.designs.iter().flat_map(|design| {
            let cells = self.questions.iter().zip(&design.cells);
            cells.map(move |(question, cell)| (design, question, cell))
        })
    }

    /// Why cells are empty, each reason once, with those it is true of.
    fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for (design, _, cell) in self.cells() {
            let Cell::Missing { why } = cell else {
                continue;
            };
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, titles)) if titles.contains(&design.title.as_str()) => {}
                Some((_, titles)) => titles.push(&design.title),
                None => reasons.push((why, vec![&design.title])),
            }
        }
        let line =
            |(why, titles): (&str, Vec<&str>)| format!("{}: {why}", titles.join(", "));
        reasons.into_iter().map(line).collect()
    }
}

impl Cell {
    /// What stands in the table.
    fn short(&self) -> &str {
        match self {
            Self::Answer { answer, .. } => answer,
            Self::Missing { .. } => "-",
        }
    }
}
