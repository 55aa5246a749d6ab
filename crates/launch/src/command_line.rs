//! Splits a command as a shell would, without running one.

/// Words are divided by blanks; `'…'` keeps everything, `"…"` and `\` keep the next character.
pub(crate) fn split(command: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = command.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (Some(open), close) if open == close => quote = None,
            (None | Some('"'), '\\') => {
                let next = characters.next().ok_or("it ends with a backslash")?;
                word.get_or_insert_default().push(next);
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed");
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_a_shell_does() {
        for (command, words) in [
            ("", &[][..]),
            ("  server  --quiet ", &["server", "--quiet"]),
            ("sh -c 'echo \"a b\"'", &["sh", "-c", "echo \"a b\""]),
            (
                r#"say "it's" '' a\ b "\"""#,
                &["say", "it's", "", "a b", "\""],
            ),
            ("--greeting=\"Good day\"", &["--greeting=Good day"]),
        ] {
            assert_eq!(split(command).unwrap(), words, "{command}");
        }
    }

    #[test]
    fn what_is_left_open_is_refused() {
        for command in ["say 'hello", "say \"hello", "say hello\\"] {
            assert!(split(command).is_err(), "{command}");
        }
    }
}
