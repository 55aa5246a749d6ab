//! What is no TOML at all, where it can be seen what was meant.

/// What was meant at this place, if it is one of a few slips.
pub(super) fn slip(text: &str, offset: usize) -> Option<String> {
    comment(text, offset)
        .or_else(|| curly_quote(text, offset))
        .or_else(|| several_lines(text, offset))
        .or_else(|| unquoted_name(text, offset))
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
