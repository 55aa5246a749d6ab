//! What the TOML reader finds wrong, in the words of scenario files: which key it is, and
//! what to write instead.

use super::{error::Fault, syntax};

/// Every key of a scenario file, with what it takes and a line to copy.
const KEYS: [(&str, &str, &str); 27] = [
    ("title", "a line of text in quotes", "title = \"Tea\""),
    (
        "lesson",
        "a line of text in quotes",
        "lesson = \"A cup waits for a pot.\"",
    ),
    ("minutes", "a whole number", "minutes = 5"),
    (
        "question",
        "a text in quotes",
        "question = \"When is B answered?\"",
    ),
    ("answer", "a text in quotes", "answer = \"After A.\""),
    ("mistake", "a text in quotes", "mistake = \"At once.\""),
    ("isolate", "true or false", "isolate = true"),
    ("where", "true or false", "where = true"),
    (
        "server",
        "a table for each server",
        "[[server]] on a line of its own, its keys below",
    ),
    (
        "client",
        "a table for each client",
        "[[client]] on a line of its own, its keys below",
    ),
    (
        "expect",
        "a table for each server",
        "[expect.single-server] on a line of its own, its keys below",
    ),
    ("name", "a text in quotes", "name = \"A\""),
    (
        "command",
        "a program and its arguments, in quotes",
        "command = \"threaded-server\"",
    ),
    (
        "places",
        "a number from 1, \"threads\" or \"event-loop\"",
        "places = 1",
    ),
    ("about", "a few words in quotes", "about = \"one thread\""),
    ("needs", "a program's name in quotes", "needs = \"python3\""),
    ("at", "a time in quotes", "at = \"200ms\""),
    (
        "requests",
        "a list of requests",
        "requests = [\"SLEEP 2s\", \"PING\"]",
    ),
    ("count", "a whole number from 1", "count = 8"),
    ("gap", "a time in quotes", "gap = \"100ms\""),
    ("times", "a whole number from 1", "times = 5"),
    ("pipeline", "true or false", "pipeline = true"),
    ("pause", "a time in quotes", "pause = \"500ms\""),
    ("hold", "a time in quotes", "hold = \"2s\""),
    ("read_delay", "a time in quotes", "read_delay = \"2s\""),
    ("blocked", "a list of names", "blocked = [\"B\", \"C\"]"),
    ("failed", "a list of names", "failed = [\"A\"]"),
];

/// Keys of `[expect.NAME]` that take something else than a list.
const EXPECTED: [(&str, &str, &str); 3] = [
    ("in_service", "a whole number", "in_service = 2"),
    (
        "replies",
        "a client's name and how its reply begins",
        "replies = { A = \"+OK\" }",
    ),
    ("lost", "true or false", "lost = true"),
];

/// What `places` takes beside a number.
const DESIGNS: [&str; 2] = ["threads", "event-loop"];

/// The keys of the file itself, which belong to no table.
const TOP: [&str; 8] = [
    "title", "lesson", "minutes", "question", "answer", "mistake", "isolate", "where",
];

/// The tables that have keys of their own.
const TABLES: [(&str, &[&str]); 3] = [
    ("a [[server]]", &["command", "places", "about", "needs"]),
    (
        "a [[client]]",
        &[
            "at",
            "requests",
            "count",
            "gap",
            "times",
            "pipeline",
            "pause",
            "hold",
            "read_delay",
        ],
    ),
    (
        "an [expect.SERVER]",
        &["blocked", "failed", "in_service", "replies", "lost"],
    ),
];

/// The error of the TOML reader as a fault of this file.
pub(super) fn fault(text: &str, error: &toml::de::Error) -> Fault {
    let span = error.span().unwrap_or(text.len()..text.len());
    let message = error.message().trim_end();
    let what = missing(message)
        .or_else(|| unknown(message))
        .or_else(|| repeated(message, text.get(span.clone())))
        .or_else(|| syntax::slip(text, span.start))
        .or_else(|| wrong_value(message, text, span.start))
        .or_else(|| syntax::open_list(text, span.start))
        .unwrap_or_else(|| syntax::error(message));
    Fault::new(span, what)
}

fn missing(message: &str) -> Option<String> {
    let key = quoted(message.strip_prefix("missing field ")?)?;
    Some(format!("the key '{key}' is missing{}", example(key)))
}

fn unknown(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field ")?;
    let key = quoted(rest)?;
    let known: Vec<&str> = rest.split('`').skip(3).step_by(2).collect();
    let meant = closest(key, known.iter().copied());
    let meant = meant.map_or_else(String::new, |one| format!(" Did you mean '{one}'?"));
    let keys = known.join(", ");
    if TOP.contains(&key) {
        return Some(format!(
            "'{key}' belongs to the file, not to a table; write it at the top, above \
             the first [[server]] and [[client]]"
        ));
    }
    if ["expect", "client", "server"].contains(&key) {
        return Some(format!("'{key}' is a table of its own{}", example(key)));
    }
    let mut tables = TABLES.iter();
    if let Some((table, _)) = tables.find(|(_, keys)| keys.contains(&key)) {
        return Some(format!("'{key}' is a key of {table}{}", example(key)));
    }
    Some(format!(
        "there is no key '{key}' here.{meant} The keys are {keys}"
    ))
}

fn repeated(message: &str, key: Option<&str>) -> Option<String> {
    let key = key.filter(|_| message == "duplicate key")?;
    if ["client", "server"].contains(&key) {
        return Some(format!(
            "'{key}' stands here for the second time; write [[{key}]], in two pairs of \
             brackets, above each of them"
        ));
    }
    Some(format!(
        "'{key}' stands here for the second time; remove one of the two"
    ))
}

fn wrong_value(message: &str, text: &str, offset: usize) -> Option<String> {
    const KINDS: [&str; 3] = ["invalid ", "data did not match", "string values must be"];
    if !KINDS.iter().any(|kind| message.starts_with(kind)) {
        return None;
    }
    let has_no_server = table_before(text, offset) == Some("[expect]");
    let key = match has_no_server || message.contains("struct Expect") {
        true => "expect",
        false => key_before(text, offset)?,
    };
    let (_, takes, _) = known(key)?;
    let written = text
        .get(offset..)?
        .split(['"', '\''])
        .nth(1)
        .unwrap_or_default();
    let meant = closest(written, DESIGNS.into_iter()).filter(|_| key == "places");
    let example = match meant {
        Some(meant) => format!("; write places = \"{meant}\""),
        None => example(key),
    };
    Some(format!("'{key}' takes {takes}{example}"))
}

fn known(key: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    KEYS.iter().chain(&EXPECTED).find(|(name, ..)| *name == key)
}

fn example(key: &str) -> String {
    known(key).map_or_else(String::new, |(_, _, line)| format!("; write {line}"))
}

/// The text between the first two backticks.
fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// The head of the table that the text at `offset` belongs to.
fn table_before(text: &str, offset: usize) -> Option<&str> {
    let mut lines = text.get(..offset)?.lines().rev().map(str::trim);
    lines.find(|line| line.starts_with('['))
}

/// The key whose value, or whose table, is at `offset`.
fn key_before(text: &str, offset: usize) -> Option<&str> {
    let line = syntax::line_at(text, offset)?;
    if line.starts_with('[') {
        let name = line.trim_matches(['[', ']']);
        return name.rsplit('.').find_map(|part| Some(known(part)?.0));
    }
    let before = text.get(..offset)?;
    before.rmatch_indices('=').find_map(|(at, _)| {
        let head = before.get(..at)?.trim_end().trim_end_matches(['"', '\'']);
        let word =
            head.rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        Some(known(word.into_iter().next()?)?.0)
    })
}

/// The name that was probably meant: at most two letters differ, and less than half of
/// them.
pub(super) fn closest<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let name = name.to_lowercase();
    let distance =
        |other: &str| strsim::damerau_levenshtein(&name, &other.to_lowercase());
    let nearest = known.map(|other| (distance(other), other)).min()?;
    let letters = name.chars().count();
    (nearest.0 <= 2 && nearest.0 * 2 < letters).then_some(nearest.1)
}
