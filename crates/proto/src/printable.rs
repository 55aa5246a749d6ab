//! Text that somebody else wrote, made safe to show: it stays on its line, and a terminal
//! obeys none of it.

use std::fmt::Write;

/// Whether a character may stand on a terminal and in a log as it is. Control characters
/// may not, nor line separators, nor what turns the direction of writing: U+202E could
/// make a line read as another one.
#[must_use]
pub fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The text with an escape for each character that is not [printable](is_printable), and
/// for each byte that is not UTF-8. Quotes and backslashes stay as they are.
///
/// ```
/// assert_eq!(proto::printable("two\nlines \u{1b}[2J"), "two\\nlines \\u{1b}[2J");
/// assert_eq!(proto::printable(b"\xff"), "\\xff");
/// ```
#[must_use]
pub fn printable(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let mut line = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_printable(character) {
                line.push(character);
            } else {
                line.extend(character.escape_default());
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(line, "\\x{byte:02x}"); // a String takes every text
        }
    }
    line
}

/// The text with a blank for each character that is not [printable](is_printable): for a
/// drawing, where an escape would take more columns than there are.
///
/// ```
/// assert_eq!(proto::blanked("one\ttwo"), "one two");
/// ```
#[must_use]
pub fn blanked(text: &str) -> String {
    text.chars().map(blank_unless_printable).collect()
}

/// The character, or a blank if it is not [printable](is_printable).
#[must_use]
pub fn blank_unless_printable(character: char) -> char {
    if is_printable(character) {
        character
    } else {
        ' '
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_terminal_obeys_nothing_that_is_shown() {
        for (bytes, shown) in [
            (&b"plain"[..], "plain"),
            ("übermütig".as_bytes(), "übermütig"),
            (b"two\r\nlines", "two\\r\\nlines"),
            (b"\x1b[2J", "\\u{1b}[2J"),
            (b"\xff\xfe", "\\xff\\xfe"),
            ("\u{202e}abc".as_bytes(), "\\u{202e}abc"),
            ("\u{9b}31m".as_bytes(), "\\u{9b}31m"),
            (b"said 'a\\n'", "said 'a\\n'"),
        ] {
            assert_eq!(super::printable(bytes), shown);
        }
    }

    #[test]
    fn a_drawing_keeps_its_columns() {
        assert_eq!(super::blanked("a\u{1b}[2J\u{2066}b"), "a [2J b");
    }
}
