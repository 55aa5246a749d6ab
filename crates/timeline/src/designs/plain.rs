//! The table as sentences, one for each cell.

use super::{Cell, Table};

/// What each design answered to each question.
#[must_use]
pub fn sentences(table: &Table) -> Vec<String> {
    let sentence =
        |(design, question, cell): (&super::Design, &super::Question, &Cell)| {
            let said = match cell {
                Cell::Answer { means, .. } => means.clone(),
                Cell::Missing { why } => format!("not known: {why}"),
            };
            format!(
                "{} ({}), {}: {said}",
                design.title, design.server, question.title
            )
        };
    let failures = table.failures().map(|text| format!("did not hold: {text}"));
    table.cells().map(sentence).chain(failures).collect()
}
