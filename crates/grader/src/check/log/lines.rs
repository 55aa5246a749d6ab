//! Which requests the lines of a log hold, by their nonces.

use std::collections::HashSet;

use crate::nonce::NONCE;

/// How a server writes the line of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'c> {
    pub(super) command: &'c str,
    /// How often a line names the command, if it is known: each line of a nonce then has
    /// to, and one that does not has lost a piece or has one of another line.
    pub(super) names: Option<usize>,
}

impl Style<'_> {
    /// Learns from lines of requests that came one by one; of lines that differ, nothing.
    pub(super) fn learn(&mut self, lines: &[String], known: &HashSet<&str>) {
        let mut counts = lines.iter().filter_map(|line| {
            let words = known_on(line, known);
            (!words.is_empty()).then(|| self.named_on(line, &words))
        });
        let first = counts.next().filter(|names| *names > 0);
        self.names = first.filter(|names| counts.all(|count| count == *names));
    }

    /// How often the command stands beside the nonces, which are letters themselves.
    fn named_on(&self, line: &str, words: &HashSet<&str>) -> usize {
        let rest = words
            .iter()
            .fold(line.to_owned(), |rest, word| rest.replace(word, " "));
        let command = self.command.to_uppercase();
        rest.to_uppercase().matches(&command).count()
    }
}

/// The words of `known` that have a line to themselves, or what is wrong with a line.
pub(super) fn on_lines<'w>(
    lines: &'w [String],
    known: &HashSet<&str>,
    style: Style<'_>,
) -> Result<HashSet<&'w str>, String> {
    let mut seen = HashSet::new();
    for line in lines {
        let words = known_on(line, known);
        let start = || line.chars().take(120).collect::<String>();
        if words.len() > 1 {
            return Err(format!(
                "one line holds {} requests: {:?}",
                words.len(),
                start()
            ));
        }
        if let Some(names) = style.names.filter(|_| !words.is_empty())
            && let named = style.named_on(line, &words)
            && named != names
        {
            return Err(format!(
                "a line is in pieces, or has a piece of another: it has {} {named} \
                 times; while nobody else asks, a line has it {names} times: {:?}",
                style.command,
                start()
            ));
        }
        for word in words {
            if !seen.insert(word) {
                return Err(format!("{word} is on two lines"));
            }
        }
    }
    Ok(seen)
}

fn known_on<'w>(line: &'w str, known: &HashSet<&str>) -> HashSet<&'w str> {
    words_of(line).filter(|word| known.contains(word)).collect()
}

/// Everything on a line that could be a nonce, whatever stands around it.
pub(in crate::check) fn words_of(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices('q').map(|(start, _)| start);
    starts.filter_map(|start| line.get(start..start + NONCE))
}

#[cfg(test)]
mod tests {
    use super::{Style, on_lines};
    use std::collections::HashSet;

    #[test]
    fn a_nonce_has_one_line_to_itself() {
        let known = HashSet::from(["qaaaaaaaaa", "qbbbbbbbbb"]);
        let command = "ECHO";
        let style = Style {
            command,
            names: None,
        };
        let seen = |lines: &[&str]| {
            on_lines(&owned(lines), &known, style).map(|seen| seen.len())
        };
        assert_eq!(seen(&["q", "ECHO qaaaaaaaaa", "\\nqbbbbbbbbb\\r"]), Ok(2));
        assert_eq!(seen(&["ECHO qaaaaaaaaa"]), Ok(1));
        assert_eq!(seen(&["ECHO qaaa", "x", "aaaaaa"]), Ok(0));
        for broken in [&["qaaaaaaaaaqbbbbbbbbb"][..], &["qaaaaaaaaa", "qaaaaaaaaa"]] {
            assert!(seen(broken).is_err());
        }
    }

    #[test]
    fn a_line_names_the_command_as_often_as_when_nobody_else_asks() {
        let known = HashSet::from(["qechoaaaaa", "qbbbbbbbbb"]);
        let command = "ECHO";
        let learned = |lines: &[&str]| {
            let mut style = Style {
                command,
                names: None,
            };
            style.learn(&owned(lines), &known);
            style
        };
        let style = learned(&["1 echo qechoaaaaa", "listening", "2 Echo qbbbbbbbbb"]);
        assert_eq!(style.names, Some(1));
        for (lines, are_whole) in [
            (&["1 ECHO qechoaaaaa", "ECHO"][..], true),
            (&["ECHOECHO qechoaaaaa", " qbbbbbbbbb"], false),
            (&[" qbbbbbbbbb"], false),
        ] {
            let lines = owned(lines);
            let seen = on_lines(&lines, &known, style);
            assert_eq!(seen.is_ok(), are_whole, "{lines:?}");
        }
        // A server whose lines differ, or do not name the command, is free to do so.
        for lines in [&["ECHO qechoaaaaa", "qbbbbbbbbb"][..], &["qechoaaaaa"], &[]] {
            assert_eq!(learned(lines).names, None, "{lines:?}");
        }
    }

    fn owned(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }
}
