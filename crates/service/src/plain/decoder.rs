//! Requests out of text that has no frames.

use std::{
    io::{self, Read},
    mem,
};

use proto::{Arguments, limits, split_line};

use super::{Plain, fields::Fields};

/// Fields of a student: name, student id, GitHub name.
const FIELDS: usize = 3;

/// Messages out of bytes in pieces of any size.
#[derive(Debug)]
pub(crate) struct PlainDecoder {
    command: Plain,
    bytes: Vec<u8>,
    /// How many of the bytes hold no end of a line.
    searched: usize,
    /// All that is there is a message, although it has no end.
    is_whole: bool,
    /// What is left of the message that came last.
    rest: Fields,
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
            rest: Fields::default(),
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
        let fields: usize = self.fields.iter().map(Vec::capacity).sum();
        self.bytes.capacity() + self.rest.held() + fields
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
                let student = mem::take(&mut self.fields);
                return Some([b"REGISTER".to_vec()].into_iter().chain(student).collect());
            }
            if let Some(field) = self.rest.next() {
                self.fields.push(field);
                continue;
            }
            let message = self.next_message()?;
            match self.command {
                Plain::Say => return Some(vec![b"SAY".to_vec(), message]),
                Plain::Run if message.trim_ascii().is_empty() => {}
                Plain::Run => return Some(run(&message)),
                Plain::Register if is_from_browser(&message) => {
                    return Some(run(&message));
                }
                // A browser says next who it is: no student has such a name meanwhile.
                Plain::Register if is_request_line(&message) => {}
                Plain::Register => self.rest = Fields::of(message),
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
            let length = self.bytes.len().min(limits::LINE);
            return Some(self.bytes.drain(..length).collect());
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
    // What no request may have is left out: then the command says what is missing.
    let words = Some(words).filter(|words| words.len() < limits::ARGUMENTS);
    let words = words.into_iter().flatten();
    [b"RUN".to_vec()].into_iter().chain(words).collect()
}

/// Whether it begins what a browser sends, for a page or for a picture in one.
fn is_request_line(message: &[u8]) -> bool {
    let mut words = message.split(u8::is_ascii_whitespace);
    words
        .next_back()
        .is_some_and(|word| word.starts_with(b"HTTP/1."))
}

fn is_from_browser(message: &[u8]) -> bool {
    let words = message.split(u8::is_ascii_whitespace);
    let first: Vec<_> = words.take(1).map(<[u8]>::to_vec).collect();
    proto::Request::is_from_browser(&first)
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
        let long = say(&[&[b'x'; limits::LINE + 1_000]]);
        assert_eq!(long[0].len(), "SAY|".len() + limits::LINE);
        assert_eq!(say(&[b"POST / HTTP/1.1\n"]), ["SAY|POST / HTTP/1.1"]);
    }

    #[test]
    fn a_command_is_split_into_words_and_a_browser_gets_none_run() {
        let run = |piece: &[u8]| requests(Plain::Run, &[piece]);
        assert_eq!(
            run(&b"a ".repeat(limits::ARGUMENTS)),
            ["RUN"],
            "more words than any request may have"
        );
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
        // A picture in a web page.
        let page = b"GET /x,12345,evil HTTP/1.1\r\nHost: x\r\n";
        assert_eq!(requests(Plain::Register, &[page]), ["Host:|x"]);
    }
}
