//! Requests and their bytes as one line for the console and the log, cut where it gets
//! long. `proto::printable` makes them safe to show.

use std::fmt::Write;

/// Where a field of a console line or of the log is cut.
pub(crate) const LONGEST: usize = 1_024;

/// A request as one would type it: words with blanks in them are quoted.
pub(crate) fn request(arguments: &[Vec<u8>]) -> String {
    let mut line = String::new();
    for (index, argument) in arguments.iter().enumerate() {
        if line.len() > LONGEST {
            let _ = write!(line, " …({} more words)", arguments.len() - index);
            break;
        }
        if index > 0 {
            line.push(' ');
        }
        if argument.is_empty() || argument.contains(&b' ') {
            let _ = write!(line, "\"{}\"", text(argument));
        } else {
            line.push_str(&text(argument));
        }
    }
    line
}

/// The text on one line. A long text is cut, and a mark says how much is missing.
pub(crate) fn text(bytes: &[u8]) -> String {
    start(bytes.get(..LONGEST).unwrap_or(bytes), bytes.len())
}

/// As [`text`], of a text of `total` bytes that begins with `shown`.
pub(crate) fn start(shown: &[u8], total: usize) -> String {
    let mut line = proto::printable(shown);
    if total > shown.len() {
        let _ = write!(line, "…(+{} bytes)", total - shown.len());
    }
    line
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_long_text_is_cut_with_a_mark() {
        let shown = super::text(&[b'a'; 2_000]);
        assert!(shown.ends_with("aaa…(+976 bytes)"), "{shown}");
    }

    #[test]
    fn words_with_blanks_are_quoted() {
        let arguments = [b"SAY".to_vec(), b"two words".to_vec(), Vec::new()];
        assert_eq!(super::request(&arguments), "SAY \"two words\" \"\"");
    }
}
