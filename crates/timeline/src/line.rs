//! Lines of inked pieces: what is drawn, before it is known whether there is colour.

use std::fmt::Write as _;

/// What a piece means; a terminal's colour repeats it. Only of the 16 colours that every theme
/// sets for its own background, and neither yellow nor bright black, which vanish on projectors.
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
            Self::Waiting => Some("35"),
            Self::Served => Some("32"),
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
            pieces: vec![(ink, text.into())],
        }
    }

    /// Adds a piece at its end.
    pub fn push(&mut self, ink: Ink, text: &str) {
        match self.pieces.last_mut() {
            Some((last, before)) if *last == ink => before.push_str(text),
            _ => self.pieces.push((ink, text.to_owned())),
        }
    }

    /// Adds a line at its end.
    pub fn append(&mut self, line: Self) {
        for (ink, text) in line.pieces {
            self.push(ink, &text);
        }
    }

    /// In characters.
    #[must_use]
    pub fn length(&self) -> usize {
        self.pieces
            .iter()
            .map(|(_, text)| text.chars().count())
            .sum()
    }

    /// Its first `width` characters.
    #[must_use]
    pub fn start(&self, width: usize) -> Self {
        let mut left = width;
        let mut line = Self::new();
        for (ink, text) in &self.pieces {
            let piece: String = text.chars().take(left).collect();
            left -= piece.chars().count();
            line.push(*ink, &piece);
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

/// `text` in at most `width` characters, cut with `…` (`~` in ASCII).
#[must_use]
pub fn cut(text: &str, width: usize, ascii: bool) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mark = if ascii { '~' } else { '…' };
    text.chars()
        .take(width.saturating_sub(1))
        .chain([mark])
        .collect()
}

/// Whole words in lines of at most `width` characters; a longer word is broken.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for mut word in text.split_whitespace() {
        while let Some((end, _)) = word.char_indices().nth(width.max(1)) {
            let (start, rest) = word.split_at(end);
            lines.extend([std::mem::take(&mut line), start.to_owned()]);
            word = rest;
        }
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::{Ink, Line, cut, wrap};

    #[test]
    fn colour_adds_nothing_but_escape_sequences() {
        let mut line = Line::of(Ink::Plain, "A ");
        line.push(Ink::Waiting, "░░");
        line.push(Ink::Served, "█  ");
        assert_eq!(line.render(false), "A ░░█");
        assert_eq!(line.render(true), "A \x1b[35m░░\x1b[0m\x1b[32m█  \x1b[0m");
    }

    #[test]
    fn the_start_of_a_line_keeps_its_inks() {
        let mut line = Line::of(Ink::Plain, "A ");
        line.push(Ink::Served, "█████");
        assert_eq!(line.start(4).render(true), "A \x1b[32m██\x1b[0m");
        assert_eq!(line.start(1).length(), 1);
        assert_eq!(line.start(9), line);
    }

    #[test]
    fn long_text_is_cut_with_a_mark_and_long_sentences_wrap_at_blanks() {
        assert_eq!(cut("A RUN date", 6, false), "A RUN…");
        assert_eq!(cut("A RUN date", 6, true), "A RUN~");
        assert_eq!(cut("A RUN", 6, false), "A RUN");
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a longer-word b", 5), ["a", "longe", "r-wor", "d b"]);
    }
}
