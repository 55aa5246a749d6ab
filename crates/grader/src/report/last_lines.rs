//! The last lines that a server printed, as a report shows them, and before them those
//! that name an error: Go, Java and Node print the error first, and then a long trace.

use launch::{OutputLine, Stream};
use proto::printable;

/// How many lines are shown, and how much of each.
const LINES: usize = 8;
const CHARACTERS: usize = 160;
/// How many of them are about errors, if there are some before the last lines.
const OF_ERRORS: usize = 4;
/// What a line about an error holds, in small letters.
const ERRORS: &[&str] = &[
    "error",
    "exception",
    "panic",
    "fatal",
    "traceback",
    "assert",
    "abort",
];

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
    if before.iter().any(is_about_an_error) {
        return with_errors(&lines);
    }
    let is_error = |line: &&Line| line.stream == Stream::Stderr;
    let error = before.iter().rfind(is_error);
    let error = error.filter(|_| !last.iter().any(|line| is_error(&line)));
    error.into_iter().chain(last).map(shown).collect()
}

/// Half of them the last lines; before them the first and the last lines about errors.
fn with_errors(lines: &[Line]) -> Vec<String> {
    let (before, last) = lines.split_at(lines.len().saturating_sub(LINES - OF_ERRORS));
    let errors = before.iter().filter(|line| line.stream == Stream::Stderr);
    let errors: Vec<&Line> = errors.collect();
    let after = |at: usize| at.checked_sub(1).and_then(|at| errors.get(at));
    let chosen = errors.iter().enumerate().filter(|(at, line)| {
        // A panic of Rust says in its second line what was wrong.
        is_about_an_error(line) || after(*at).is_some_and(|line| is_about_an_error(line))
    });
    let mut chosen: Vec<&Line> = chosen.map(|(_, line)| *line).collect();
    let half = OF_ERRORS / 2;
    if chosen.len() > OF_ERRORS {
        chosen.drain(half..chosen.len() - half);
    }
    let gap = "…".to_owned();
    let chosen = chosen.into_iter().map(shown).chain([gap]);
    chosen.chain(last.iter().map(shown)).collect()
}

/// Whether it names an error, and is no line of a trace.
fn is_about_an_error(line: &Line) -> bool {
    let start = line.start.to_lowercase();
    line.stream == Stream::Stderr
        && !start.starts_with(char::is_whitespace)
        && ERRORS.iter().any(|word| start.contains(word))
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

    fn shown(lines: &[(Stream, &str)]) -> Vec<String> {
        let lines = lines.iter();
        let lines = lines.map(|(stream, text)| line(*stream, (*text).to_owned(), false));
        last_lines(&lines.collect::<Vec<_>>())
    }

    #[test]
    fn an_error_is_shown_however_long_its_trace_is() {
        let mut printed = vec![(Stream::Stdout, "client-1 INCR error")];
        printed.push((Stream::Stderr, "fatal error: concurrent map writes"));
        printed.push((Stream::Stderr, ""));
        printed.extend([(Stream::Stderr, "    at onerror (server:1)"); 20]);
        let shown = shown(&printed);
        assert_eq!(
            shown[0],
            "fatal error: concurrent map writes  (standard error)"
        );
        assert_eq!(shown[2], "…");
        assert_eq!(shown.len(), 7);
    }

    #[test]
    fn of_many_errors_the_first_and_the_last_are_shown() {
        let mut printed = Vec::new();
        for text in [
            "thread 'a' panicked at",
            "one",
            "thread 'b' panicked at",
            "two",
        ] {
            printed.extend([(Stream::Stderr, text); 1]);
            printed.extend([(Stream::Stdout, "a line of the log"); 9]);
        }
        printed.extend([(Stream::Stderr, "error of c"), (Stream::Stderr, "three")]);
        printed.extend([(Stream::Stdout, "a line of the log"); 9]);
        let shown = shown(&printed);
        let starts: Vec<&str> = shown.iter().map(|line| &line[..3]).take(5).collect();
        assert_eq!(starts, ["thr", "one", "err", "thr", "…"]);
        assert_eq!(shown.len(), 9);
    }
}
