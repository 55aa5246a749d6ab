//! `--plain`: clients that send text as it is, without frames, as the clients of a first
//! lesson do. Each message is what one command is given, and its reply goes back as text.
//!
//! TCP has no messages, so that this is a guess: a message is a line, or what has come
//! when the client is silent for a moment or has closed its side.

use std::{
    io::{self, Read},
    mem,
};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use proto::{Arguments, Reply, limits, split_line};

/// Fields of a student: name, student id, GitHub name.
const FIELDS: usize = 3;

/// What a message is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The message is a text for SAY: whatever it is, the greeting or the operator
    /// answers.
    Say,
    /// The message is a program for RUN, with its arguments.
    Run,
    /// Name, student id and GitHub name for REGISTER: on one line with commas between
    /// them, or each a message of its own.
    Register,
}

/// How `--plain` is written.
pub(crate) fn parser() -> impl TypedValueParser<Value = Plain> {
    PossibleValuesParser::new(["say", "run", "register"]).map(|name| {
        match name.as_str() {
            "run" => Plain::Run,
            "register" => Plain::Register,
            _ => Plain::Say,
        }
    })
}

/// Messages out of bytes in pieces of any size.
#[derive(Debug)]
pub(crate) struct PlainDecoder {
    command: Plain,
    bytes: Vec<u8>,
    /// How many of the bytes hold no end of a line.
    searched: usize,
    /// All that is there is a message, although it has no end.
    is_whole: bool,
    /// What has come of a student.
    fields: Arguments,
    /// Whether the last message was a line: so is its reply then.
    pub(crate) was_line: bool,
}

impl PlainDecoder {
    pub(crate) fn new(command: Plain) -> Self {
        Self {
            command,
            bytes: Vec::new(),
            searched: 0,
            is_whole: false,
            fields: Vec::new(),
            was_line: true,
        }
    }

    /// Reads once; see [`Read::read`].
    pub(crate) fn read_from(&mut self, source: &mut dyn Read) -> io::Result<usize> {
        let mut chunk = [0; 4096];
        let count = source.read(&mut chunk)?;
        let read = chunk.get(..count).unwrap_or_default();
        self.bytes.extend_from_slice(read);
        Ok(count)
    }

    /// Whether some bytes are no message yet.
    pub(crate) fn is_mid_message(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Bytes of memory that it holds.
    pub(crate) fn held(&self) -> usize {
        self.bytes.capacity() + self.fields.iter().map(Vec::capacity).sum::<usize>()
    }

    /// Forgets what has come, whatever it was to become.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            was_line: self.was_line,
            ..Self::new(self.command)
        };
    }

    /// The client is silent: what is there is a message.
    pub(crate) fn end_message(&mut self) {
        self.is_whole = !self.bytes.is_empty();
    }

    /// The client has sent all it will. Returns whether something is left to answer.
    pub(crate) fn end(&mut self) -> bool {
        self.end_message();
        if self.bytes.is_empty() && !self.fields.is_empty() {
            self.fields.resize(FIELDS, Vec::new()); // the command says what is missing
        }
        self.is_whole || !self.fields.is_empty()
    }

    /// The next request, made of a message.
    pub(crate) fn next_request(&mut self) -> Option<Arguments> {
        loop {
            if self.fields.len() >= FIELDS {
                let student = self.fields.drain(..FIELDS);
                return Some([b"REGISTER".to_vec()].into_iter().chain(student).collect());
            }
            let message = self.next_message()?;
            match self.command {
                Plain::Say => return Some(vec![b"SAY".to_vec(), message]),
                Plain::Run if message.trim_ascii().is_empty() => {}
                Plain::Run => return Some(run(&message)),
                Plain::Register if is_from_browser(&message) => {
                    return Some(run(&message));
                }
                Plain::Register => {
                    let fields = message.split(|byte| b",;\t".contains(byte));
                    let fields = fields.map(<[u8]>::trim_ascii);
                    let fields = fields.filter(|field| !field.is_empty());
                    self.fields.extend(fields.map(<[u8]>::to_vec));
                }
            }
        }
    }

    fn next_message(&mut self) -> Option<Vec<u8>> {
        let rest = self.bytes.get(self.searched..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n');
        if let Some(end) = end {
            let line: Vec<u8> = self.bytes.drain(..=self.searched + end).collect();
            self.searched = 0;
            self.was_line = true;
            let line = line.strip_suffix(b"\n").unwrap_or(&line);
            return Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec());
        }
        if mem::take(&mut self.is_whole) || self.bytes.len() >= limits::LINE {
            self.searched = 0;
            self.was_line = false;
            return Some(mem::take(&mut self.bytes));
        }
        self.searched = self.bytes.len();
        None
    }
}

/// Words as a person types them, behind RUN; where a quote is open, the blanks alone
/// divide them. What a web page has a browser send is left as it is, for the check that
/// refuses it.
fn run(message: &[u8]) -> Arguments {
    let words = split_line(message).unwrap_or_else(|_| {
        let words = message.split(u8::is_ascii_whitespace);
        words
            .filter(|word| !word.is_empty())
            .map(<[u8]>::to_vec)
            .collect()
    });
    if is_from_browser(message) {
        return words;
    }
    [b"RUN".to_vec()].into_iter().chain(words).collect()
}

fn is_from_browser(message: &[u8]) -> bool {
    let words = message.split(u8::is_ascii_whitespace);
    let first: Vec<_> = words.take(1).map(<[u8]>::to_vec).collect();
    proto::Request::is_from_browser(&first)
}

/// A reply as text: what a program printed, and its status unless that is 0.
pub(crate) fn text(reply: &Reply, as_line: bool) -> Vec<u8> {
    let mut text = match reply {
        Reply::Simple(text) | Reply::Bulk(text) => text.clone(),
        Reply::Error(line) => explained(line),
        Reply::Array(parts) => match parts.as_slice() {
            [
                Reply::Integer(status),
                Reply::Bulk(out),
                Reply::Bulk(errors),
            ] => ran(*status, out, errors),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    if as_line && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text
}

/// The first program that a class tries may be refused: no client of theirs says what to
/// do.
fn explained(line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let refused = text.strip_prefix("NOPERM '");
    let refused = refused.and_then(|rest| rest.split_once("' is not on the allowlist"));
    match refused {
        Some((name, _)) => format!("{text}; the server's --allow {name} adds it").into(),
        None => line.to_vec(),
    }
}

/// A client that waits for an answer must get one, also of a program that prints nothing.
fn ran(status: i64, out: &[u8], errors: &[u8]) -> Vec<u8> {
    let mut text = [out, errors].concat();
    if status != 0 || text.is_empty() {
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(format!("exit status {status}").as_bytes());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(command: Plain, pieces: &[&[u8]]) -> Vec<String> {
        let mut decoder = PlainDecoder::new(command);
        let mut requests = Vec::new();
        let mut take = |decoder: &mut PlainDecoder| {
            while let Some(request) = decoder.next_request() {
                requests.push(String::from_utf8_lossy(&request.join(&b'|')).into_owned());
            }
        };
        for piece in pieces {
            let mut piece: &[u8] = piece;
            // An empty piece stands for a moment of silence.
            if piece.is_empty() {
                decoder.end_message();
            }
            while decoder.read_from(&mut piece).unwrap() > 0 {
                take(&mut decoder);
            }
            take(&mut decoder);
        }
        while decoder.end() {
            take(&mut decoder);
        }
        requests
    }

    #[test]
    fn a_message_is_a_line_or_what_came_before_a_silence_or_the_end() {
        let say = |pieces: &[&[u8]]| requests(Plain::Say, pieces);
        assert_eq!(say(&[b"hello"]), ["SAY|hello"]);
        assert_eq!(
            say(&[b"hel", b"lo\r\nyou", b"", b"more"]),
            ["SAY|hello", "SAY|you", "SAY|more"]
        );
        assert_eq!(say(&[b"\n"]), ["SAY|"]);
        assert_eq!(say(&[]), [""; 0]);
        assert_eq!(say(&[&[b'x'; limits::LINE], b"y"]).len(), 2);
        assert_eq!(say(&[b"POST / HTTP/1.1\n"]), ["SAY|POST / HTTP/1.1"]);
    }

    #[test]
    fn a_command_is_split_into_words_and_a_browser_gets_none_run() {
        let run = |piece: &[u8]| requests(Plain::Run, &[piece]);
        assert_eq!(
            run(b"date -u\n\n echo 'a b'"),
            ["RUN|date|-u", "RUN|echo|a b"]
        );
        assert_eq!(run(b"echo it's"), ["RUN|echo|it's"]);
        assert_eq!(run(b"POST /x y"), ["POST|/x|y"]);
    }

    #[test]
    fn a_student_is_three_fields_however_they_come() {
        let due = ["REGISTER|Ann Lee|s1|ann"];
        for pieces in [
            &[&b"Ann Lee,s1,ann"[..]][..],
            &[b"Ann Lee\ns1\nann\n"],
            &[b"Ann Lee", b"", b"s1", b"", b"ann"],
            &[b"Ann Lee\t s1 ;", b"ann\n"],
        ] {
            assert_eq!(requests(Plain::Register, pieces), due);
        }
        assert_eq!(requests(Plain::Register, &[b"Ann"]), ["REGISTER|Ann||"]);
    }

    #[test]
    fn a_program_that_prints_nothing_or_fails_is_answered_with_its_status() {
        let reply = |status, out: &str| {
            let parts = vec![Reply::Integer(status), Reply::text(out), Reply::text("")];
            text(&Reply::Array(parts), false)
        };
        assert_eq!(reply(0, "hi\n"), b"hi\n");
        assert_eq!(reply(0, ""), b"exit status 0");
        assert_eq!(reply(3, "hi"), b"hi\nexit status 3");
        assert_eq!(text(&Reply::text("hi"), true), b"hi\n");
        let refused = Reply::error("NOPERM 'ls' is not on the allowlist (date)");
        let text = text(&refused, false);
        assert!(text.ends_with(b"(date); the server's --allow ls adds it"));
    }
}
