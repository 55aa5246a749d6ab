//! Lines of inked pieces: what is drawn, before it is known whether there is colour. A
//! line holds no character that a terminal would obey, wherever its text came from.

use std::fmt::Write as _;

use proto::{blank_unless_printable, blanked};

use crate::columns;

/// What a piece means; a terminal's colour repeats it.
///
/// Waiting and being served have the two colours of the pictures (`chart/svg/mod.rs`),
/// out of the 256 that no theme changes: their contrast is above 3 to 1 on black and on
/// white.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// The terminal's own colour.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// Time spent waiting.
    Waiting,
    /// Time being served.
    Served,
    /// What went wrong.
    Failed,
}

impl Ink {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Waiting => Some("38;5;166"),
            Self::Served => Some("38;5;31"),
            Self::Failed => Some("31;1"),
        }
    }
}

/// One line, without its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<(Ink, String)>,
}

impl Line {
    /// An empty line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    #[must_use]
    pub fn of(ink: Ink, text: impl Into<String>) -> Self {
        Self {
            pieces: vec![(ink, blanked(&text.into()))],
        }
    }

    /// Adds a piece at its end.
    pub fn push(&mut self, ink: Ink, text: &str) {
        match self.pieces.last_mut() {
            Some((last, before)) if *last == ink => {
                before.extend(text.chars().map(blank_unless_printable))
            }
            _ => self.pieces.push((ink, blanked(text))),
        }
    }

    /// Adds a line at its end.
    pub fn append(&mut self, line: Self) {
        for (ink, text) in line.pieces {
            self.push(ink, &text);
        }
    }

    /// In columns.
    #[must_use]
    pub fn length(&self) -> usize {
        self.pieces
            .iter()
            .map(|(_, text)| columns::width(text))
            .sum()
    }

    /// As much of its start as `width` columns hold.
    #[must_use]
    pub fn start(&self, width: usize) -> Self {
        let mut left = width;
        let mut line = Self::new();
        for (ink, text) in &self.pieces {
            let piece = columns::start(text, left);
            left -= columns::width(piece);
            line.push(*ink, piece);
            if piece.len() < text.len() {
                break;
            }
        }
        line
    }

    /// The line with ANSI colours or without; blanks at its end are dropped.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let mut text = String::new();
        for (ink, piece) in &self.pieces {
            match ink.code().filter(|_| colour && !piece.trim().is_empty()) {
                Some(code) => {
                    let written = write!(text, "\x1b[{code}m{piece}\x1b[0m");
                    debug_assert!(written.is_ok(), "a String takes every character");
                }
                None => text.push_str(piece),
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Ink, Line};

    #[test]
    fn colour_adds_nothing_but_escape_sequences() {
        let mut line = Line::of(Ink::Plain, "A ");
        line.push(Ink::Waiting, "██");
        line.push(Ink::Served, "▄  ");
        assert_eq!(line.render(false), "A ██▄");
        assert_eq!(
            line.render(true),
            "A \x1b[38;5;166m██\x1b[0m\x1b[38;5;31m▄  \x1b[0m"
        );
    }

    #[test]
    fn the_start_of_a_line_keeps_its_inks() {
        let mut line = Line::of(Ink::Plain, "A ");
        line.push(Ink::Served, "▄▄▄▄▄");
        assert_eq!(line.start(4).render(true), "A \x1b[38;5;31m▄▄\x1b[0m");
        assert_eq!(line.start(1).length(), 1);
        assert_eq!(line.start(9), line);
    }
}
