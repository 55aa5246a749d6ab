//! Inline requests: one line, as a person types it into `nc`.

use crate::{Arguments, ProtocolError};

/// Splits a line into arguments, as Redis does.
///
/// Blanks before an argument are skipped (also `\v` and `\f`); a blank, tab or CR ends
/// one. `"…"` knows `\xHH \n \r \t \b \a \" \\`, `'…'` knows `\'` only. Quotes may open
/// inside an argument, and only a blank or the end may follow a closing one.
///
/// # Errors
///
/// [`ProtocolError::UnbalancedQuotes`].
///
/// ```
/// let arguments = proto::split_line(br#"SAY "one\x21" a'b'"#)?;
/// assert_eq!(arguments, [b"SAY".to_vec(), b"one!".to_vec(), b"ab".to_vec()]);
/// # Ok::<(), proto::ProtocolError>(())
/// ```
pub fn split_line(line: &[u8]) -> Result<Arguments, ProtocolError> {
    let mut arguments = Vec::new();
    let mut rest = line;
    loop {
        rest = skip_blanks(rest);
        if rest.is_empty() {
            return Ok(arguments);
        }
        let (argument, after) = take_argument(rest)?;
        arguments.push(argument);
        rest = after;
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c')
}

fn skip_blanks(mut rest: &[u8]) -> &[u8] {
    while let [first, after @ ..] = rest
        && is_blank(*first)
    {
        rest = after;
    }
    rest
}

fn take_argument(mut rest: &[u8]) -> Result<(Vec<u8>, &[u8]), ProtocolError> {
    let mut argument = Vec::new();
    loop {
        match rest {
            [] => return Ok((argument, rest)),
            [b' ' | b'\t' | b'\r' | b'\n', after @ ..] => return Ok((argument, after)),
            [quote @ (b'"' | b'\''), after @ ..] => {
                let after = take_quoted(*quote, after, &mut argument)?;
                return Ok((argument, after));
            }
            [byte, after @ ..] => {
                argument.push(*byte);
                rest = after;
            }
        }
    }
}

/// Reads up to the closing quote, which also ends the argument.
fn take_quoted<'a>(
    quote: u8,
    mut rest: &'a [u8],
    argument: &mut Vec<u8>,
) -> Result<&'a [u8], ProtocolError> {
    loop {
        rest = match rest {
            [first, after @ ..] if *first == quote => {
                return match after {
                    [next, ..] if !is_blank(*next) => {
                        Err(ProtocolError::UnbalancedQuotes)
                    }
                    _ => Ok(after),
                };
            }
            [b'\\', b'\'', after @ ..] if quote == b'\'' => {
                argument.push(b'\'');
                after
            }
            [b'\\', after @ ..] if quote == b'"' && !after.is_empty() => {
                let (byte, after) = unescape(after);
                argument.push(byte);
                after
            }
            [byte, after @ ..] => {
                argument.push(*byte);
                after
            }
            [] => return Err(ProtocolError::UnbalancedQuotes),
        };
    }
}

/// The byte meant by what follows a backslash; a bad `\xZZ` is a plain `x` with `ZZ`
/// after it.
fn unescape(rest: &[u8]) -> (u8, &[u8]) {
    if let [b'x', high, low, after @ ..] = rest
        && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
    {
        return (high << 4 | low, after);
    }
    match rest {
        [b'n', after @ ..] => (b'\n', after),
        [b'r', after @ ..] => (b'\r', after),
        [b't', after @ ..] => (b'\t', after),
        [b'b', after @ ..] => (b'\x08', after),
        [b'a', after @ ..] => (b'\x07', after),
        [other, after @ ..] => (*other, after),
        [] => (b'\\', rest),
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::split_line;

    #[test]
    fn a_line_splits_as_redis_splits_it() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            (" \t\x0b\x0c", &[]),
            ("PING", &["PING"]),
            ("  PING  hi ", &["PING", "hi"]),
            ("a\x0bb \x0cc", &["a\x0bb", "c"]),
            ("a\rb", &["a", "b"]),
            (r#""""#, &[""]),
            (r#"a"b" c"#, &["ab", "c"]),
            (r#""a b" 'c d'"#, &["a b", "c d"]),
            (r#""\n\r\t\b\a\"\\""#, &["\n\r\t\x08\x07\"\\"]),
            (r#""\x41\x4a\xZZ\q""#, &["AJxZZq"]),
            (r"'it\'s \n'", &["it's \\n"]),
            ("\"a\"\x0b\"b\"", &["a", "b"]),
        ];
        for (line, arguments) in table {
            let split = split_line(line.as_bytes()).unwrap();
            let expected: Vec<Vec<u8>> = arguments
                .iter()
                .map(|text| text.as_bytes().to_vec())
                .collect();
            assert_eq!(split, expected, "{line:?}");
        }
    }

    #[test]
    fn an_open_quote_or_one_with_a_neighbour_is_refused() {
        for line in [
            r#"""#,
            "'",
            r#""a"b"#,
            "'a'b",
            r#""a\""#,
            r#""a\"#,
            r#"a"b""c""#,
        ] {
            assert!(split_line(line.as_bytes()).is_err(), "{line:?}");
        }
    }
}
