//! The last lines that a server printed, as a report shows them.

use launch::{OutputLine, Stream};
use proto::printable;

/// How many lines are shown, and how much of each.
const LINES: usize = 8;
const CHARACTERS: usize = 160;

/// A line, put together from its pieces.
struct Line {
    stream: Stream,
    start: String,
    characters: usize,
    goes_on: bool,
}

/// The last lines of both streams in the order of their arrival, and one of standard
/// error even if more came after it: a crash is reported there.
pub(super) fn last_lines(printed: &[OutputLine]) -> Vec<String> {
    let lines = whole(printed);
    let (before, last) = lines.split_at(lines.len().saturating_sub(LINES));
    let is_error = |line: &&Line| line.stream == Stream::Stderr;
    let error = before.iter().rfind(is_error);
    let error = error.filter(|_| !last.iter().any(|line| is_error(&line)));
    error.into_iter().chain(last).map(shown).collect()
}

fn whole(printed: &[OutputLine]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for piece in printed {
        let characters = piece.text.chars().count();
        let mut same = lines.iter_mut().rev();
        match same.find(|line| line.stream == piece.stream) {
            Some(line) if line.goes_on => {
                line.characters += characters;
                line.goes_on = piece.goes_on;
            }
            _ => lines.push(Line {
                stream: piece.stream,
                start: piece.text.chars().take(CHARACTERS).collect(),
                characters,
                goes_on: piece.goes_on,
            }),
        }
    }
    lines
}

fn shown(line: &Line) -> String {
    let mut text = printable(&line.start);
    if line.characters > CHARACTERS {
        text.push_str(&format!("… ({} characters)", line.characters));
    }
    match line.stream {
        Stream::Stdout => text,
        Stream::Stderr => text + "  (standard error)",
    }
}

#[cfg(test)]
mod tests {
    use launch::{OutputLine, Stream};

    use super::last_lines;

    fn line(stream: Stream, text: String, goes_on: bool) -> OutputLine {
        OutputLine {
            stream,
            text,
            goes_on,
        }
    }

    #[test]
    fn a_long_line_is_one_whatever_is_printed_between_its_pieces() {
        let piece = |goes_on| line(Stream::Stdout, "x".repeat(200), goes_on);
        let error = line(Stream::Stderr, "why".to_owned(), false);
        let printed = [piece(true), error, piece(true), piece(false), piece(false)];
        let start = "x".repeat(160);
        let due = [
            format!("{start}… (600 characters)"),
            "why  (standard error)".to_owned(),
            format!("{start}… (200 characters)"),
        ];
        assert_eq!(last_lines(&printed), due);
    }
}
