//! What the prompt prints for `help`: the requests of the kit's servers, a line each.

/// The requests, as one types them, and what they do.
const REQUESTS: &[(&str, &str)] = &[
    ("PING [text]", "is somebody there?"),
    ("ECHO text", "answers the text"),
    ("SLEEP time", "answers OK after 500ms, 2s or 1m"),
    (
        "PRIMES n",
        "counts the primes below n, which takes a processor",
    ),
    (
        "RUN program [argument…]",
        "runs a program of the server's list",
    ),
    ("MEET n", "answers when n clients have sent it"),
    (
        "SAY text…",
        "gets the server's greeting, or its operator's answer",
    ),
    ("REGISTER name id github", "puts a student on the roster"),
    ("ROSTER", "lists the students"),
    ("INCR counter", "adds 1 to a counter that all clients share"),
    ("INCRBY counter n", "adds n to it"),
    ("GET counter", "answers its value"),
    ("TIMED request…", "does a request and says what it cost"),
    ("HELLO [2|3]", "chooses the version of the protocol"),
    ("QUIT", "the server says goodbye, and the prompt ends"),
];

/// What is for the prompt itself, and never sent.
const PROMPT: &[(&str, &str)] = &[
    ("help", "prints this"),
    ("close, or a dot", "ends the prompt; so does Ctrl-D"),
];

/// Whether a typed line asks for help.
pub(crate) fn is_asked_for(line: &[u8]) -> bool {
    let word = line.trim_ascii();
    word.eq_ignore_ascii_case(b"help") || word == b"?"
}

/// The text, with an end of line behind each line.
pub(crate) fn text() -> String {
    let line = |(typed, what): &(&str, &str)| format!("  {typed:<24} {what}\n");
    let requests: String = REQUESTS.iter().map(line).collect();
    let prompt: String = PROMPT.iter().map(line).collect();
    format!(
        "Requests; words with blanks stand in quotes:\n{requests}For the prompt \
         itself:\n{prompt}"
    )
}

#[cfg(test)]
mod tests {
    use super::{REQUESTS, is_asked_for, text};

    #[test]
    fn every_command_of_the_protocol_has_its_line() {
        let known: Vec<_> = REQUESTS
            .iter()
            .filter_map(|(typed, _)| typed.split(' ').next())
            .map(str::to_ascii_lowercase)
            .collect();
        let commands: Vec<_> = proto::command_names().collect();
        assert_eq!(known, commands);
        assert!(text().lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn help_alone_asks_for_help() {
        assert!(is_asked_for(b" Help ") && is_asked_for(b"?"));
        assert!(!is_asked_for(b"ECHO help") && !is_asked_for(b"help me"));
    }
}
