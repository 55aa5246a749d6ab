//! The table in columns of text. It fits a terminal of 80 columns.

use super::{Cell, Table};
use crate::{
    Style,
    columns::{cut, to_left, to_right, wrap},
    line::{Ink, Line},
};

/// The widest title of a design, and the blank behind it.
const TITLE: usize = 15;
/// A column, with the blank before it.
const COLUMN: usize = 9;

/// The table, and below it why cells are empty and what did not hold.
#[must_use]
pub fn lines(table: &Table, style: &Style) -> Vec<Line> {
    let columns = style.width.saturating_sub(TITLE) / COLUMN;
    let mut lines = Vec::new();
    // A terminal of 40 columns gets the table in parts, one below the other.
    for start in (0..table.questions.len()).step_by(columns.max(1)) {
        if start > 0 {
            lines.push(Line::new());
        }
        lines.extend(part(table, start, columns.max(1), style));
    }
    let notes = |line: &mut Vec<Line>, ink, sign: &str, texts: Vec<String>| {
        for text in texts {
            let parts = wrap(&text, style.width.saturating_sub(4));
            for (index, part) in parts.iter().enumerate() {
                let sign = if index == 0 { sign } else { " " };
                line.push(Line::of(ink, format!(" {sign} {part}")));
            }
        }
    };
    let (reasons, failures) = (table.reasons(), table.failures().collect::<Vec<_>>());
    if !(reasons.is_empty() && failures.is_empty()) {
        lines.push(Line::new());
    }
    notes(&mut lines, Ink::Plain, "-", reasons);
    notes(&mut lines, Ink::Failed, "!", failures);
    lines
}

fn part(table: &Table, start: usize, count: usize, style: &Style) -> Vec<Line> {
    let questions = || table.questions.iter().skip(start).take(count);
    let headings: Vec<_> = questions().map(|question| &question.heading).collect();
    let rows = headings.iter().map(|words| words.len()).max().unwrap_or(0);
    let heading = |row: usize| {
        let mut line = Line::of(Ink::Strong, to_left("", TITLE));
        for words in &headings {
            let above = rows - words.len();
            let word = row.checked_sub(above).and_then(|row| words.get(row));
            let word = word.map_or("", String::as_str);
            line.push(Ink::Strong, &to_right(word, COLUMN));
        }
        line
    };
    let mut lines: Vec<Line> = (0..rows).map(heading).collect();
    for design in &table.designs {
        let title = cut(&design.title, TITLE - 1, style.ascii);
        let mut line = Line::of(Ink::Plain, to_left(&title, TITLE));
        for cell in design.cells.iter().skip(start).take(count) {
            let short = cut(cell.short(), COLUMN - 1, style.ascii);
            line.push(ink(cell), &to_right(&short, COLUMN));
        }
        lines.push(line);
    }
    lines
}

fn ink(cell: &Cell) -> Ink {
    match cell {
        Cell::Answer { failures, .. } if !failures.is_empty() => Ink::Failed,
        Cell::Answer {
            harmed: Some(true), ..
        } => Ink::Waiting,
        Cell::Answer {
            harmed: Some(false),
            ..
        } => Ink::Served,
        _ => Ink::Plain,
    }
}
