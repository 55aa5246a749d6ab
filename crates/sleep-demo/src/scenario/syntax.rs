//! What is no TOML at all, where it can be seen what was meant.

/// What was meant at this place, if it is one of a few slips.
pub(super) fn slip(text: &str, offset: usize) -> Option<String> {
    comment(text, offset)
        .or_else(|| curly_quote(text, offset))
        .or_else(|| several_lines(text, offset))
        .or_else(|| unquoted_name(text, offset))
        .or_else(|| quote_in_quotes(text, offset))
        .or_else(|| comment_after_a_value(text, offset))
}

/// A comment as other languages have it.
fn comment(text: &str, offset: usize) -> Option<String> {
    let line = line_at(text, offset)?;
    let mark = ["//", "--", ";", "/*"]
        .into_iter()
        .find(|mark| line.starts_with(mark))?;
    Some(format!("a comment begins with '#', not with '{mark}'"))
}

/// Word processors turn quotes into these.
fn curly_quote(text: &str, offset: usize) -> Option<String> {
    let first = text.get(offset..)?.chars().next()?;
    "“”„‟‘’‚‛«»".contains(first).then(|| {
        format!("'{first}' is no quote here; write straight ones, as in name = \"A\"")
    })
}

/// A text whose second quote stands on a later line.
fn several_lines(text: &str, offset: usize) -> Option<String> {
    let before = text.get(..offset)?;
    let mut lines = before.lines().rev().map(str::trim);
    let is_open = |line: &str| {
        let value = line.split_once('=').map_or("", |(_, value)| value.trim());
        ['"', '\''].into_iter().any(|quote| {
            let rest = value.strip_prefix(quote);
            rest.is_some_and(|rest| !rest.contains(quote))
        })
    };
    lines.nth(1).filter(|line| is_open(line))?;
    Some(
        "a text ends on the line on which it begins; write three quotes at both ends, \
         as in lesson = \"\"\"…\"\"\", for one of several lines"
            .to_owned(),
    )
}

/// A server's name with blanks, as in `[expect.pool of 2]`.
fn unquoted_name(text: &str, offset: usize) -> Option<String> {
    let name = line_at(text, offset)?
        .strip_prefix("[expect.")?
        .strip_suffix(']')?
        .trim();
    let is_plain = name.contains(' ') && !name.contains(['"', '\'', '[', ']']);
    is_plain.then(|| {
        let name = proto::printable(name);
        format!("a name with blanks needs quotes; write [expect.\"{name}\"]")
    })
}

/// A text that ended at a quote that was meant to be in it: `"ECHO "a cup""`.
fn quote_in_quotes(text: &str, offset: usize) -> Option<String> {
    let quote = text.get(..offset)?.chars().next_back()?;
    let goes_on = text.get(offset..)?.starts_with(char::is_alphanumeric);
    (goes_on && matches!(quote, '"' | '\'')).then(|| {
        "the text ends at the quote before this; write single quotes around a text with \
         double ones, as in 'ECHO \"two words\"'"
            .to_owned()
    })
}

/// A list whose bracket is not closed: what follows is taken for a part of it.
pub(super) fn open_list(text: &str, offset: usize) -> Option<String> {
    let mut open = None;
    let before = text.get(..offset)?;
    for (number, line) in (1..).zip(before.lines()) {
        let mut quote = None;
        for letter in line.chars() {
            match (quote, letter) {
                (None, '#') => break,
                (None, '"' | '\'') => quote = Some(letter),
                (Some(begun), _) if begun == letter => quote = None,
                (None, '[') if open.is_none() => open = Some(number),
                (None, ']') => open = None,
                _ => {}
            }
        }
    }
    let line = open.filter(|line| *line < before.lines().count())?;
    Some(format!(
        "the list that begins on line {line} has no ']' at its end; write one"
    ))
}

/// A mark of other languages behind a value: `minutes = 2; // short`.
fn comment_after_a_value(text: &str, offset: usize) -> Option<String> {
    let value = text.get(offset..)?.lines().next()?;
    if value.contains(['"', '\'', '#']) {
        return None;
    }
    let mark = ["//", "--", "/*", ";"]
        .into_iter()
        .find(|mark| value.contains(mark))?;
    Some(format!(
        "'{mark}' means nothing here; a comment begins with '#', and a line ends without \
         a mark"
    ))
}

/// What is no TOML at all.
pub(super) fn error(message: &str) -> String {
    let message = message.replace('\n', ", ").replace('`', "'");
    format!(
        "{message}; a line is a key and its value, as in minutes = 5, or a table's \
         name, as in [[client]]"
    )
}

/// The line at this place, without the blanks around it.
pub(super) fn line_at(text: &str, offset: usize) -> Option<&str> {
    let line_start = text.get(..offset)?.rfind('\n').map_or(0, |end| end + 1);
    Some(text.get(line_start..)?.lines().next()?.trim())
}
