//! Bytes from clients as text that is safe on a terminal and in a log: one line, no escapes.

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

/// Control characters, terminal escapes and bytes that are no UTF-8 are written as escapes;
/// long texts are cut with a mark that says how much is missing.
pub(crate) fn text(bytes: &[u8]) -> String {
    start(bytes.get(..LONGEST).unwrap_or(bytes), bytes.len())
}

/// As [`text`], of a text of `total` bytes that begins with `shown`.
pub(crate) fn start(shown: &[u8], total: usize) -> String {
    let mut line = String::with_capacity(shown.len());
    for chunk in shown.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_harmless(character) {
                line.push(character);
            } else {
                line.extend(character.escape_default());
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(line, "\\x{byte:02x}");
        }
    }
    if total > shown.len() {
        let _ = write!(line, "…(+{} bytes)", total - shown.len());
    }
    line
}

/// Not a control character, not a line or paragraph separator, and none that turns the
/// direction of a line (U+202E and its kin), which could make it read as another.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_from_a_client_reaches_the_terminal_as_an_escape() {
        for (bytes, shown) in [
            (&b"plain"[..], "plain"),
            ("übermütig".as_bytes(), "übermütig"),
            (b"two\r\nlines", "two\\r\\nlines"),
            (b"\x1b[2J", "\\u{1b}[2J"),
            (b"\xff\xfe", "\\xff\\xfe"),
            ("\u{202e}abc".as_bytes(), "\\u{202e}abc"),
            ("\u{9b}31m".as_bytes(), "\\u{9b}31m"),
        ] {
            assert_eq!(super::text(bytes), shown);
        }
    }

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
