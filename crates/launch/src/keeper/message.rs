//! What a keeper reports, a line each. It is sent a byte for each signal that the server
//! is to get, and the end of its standard input when everything is to end.

use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The process that becomes the server, before it runs the program.
    Started(u32),
    /// It runs the program.
    Runs,
    /// The system refuses to run the program, with this error.
    Refused(i32),
    /// The server ended, with this status as `wait` gives it.
    Ended(i32),
    /// This many processes outside the server's group were left, and are ended.
    Left(usize),
}

impl std::fmt::Display for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Started(pid) => writeln!(formatter, "started {pid}"),
            Self::Runs => writeln!(formatter, "runs"),
            Self::Refused(errno) => writeln!(formatter, "refused {errno}"),
            Self::Ended(status) => writeln!(formatter, "ended {status}"),
            Self::Left(count) => writeln!(formatter, "left {count}"),
        }
    }
}

impl FromStr for Message {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        if line == "runs" {
            return Ok(Self::Runs);
        }
        let (word, number) = line.split_once(' ').ok_or(())?;
        match word {
            "started" => number.parse().map(Self::Started).map_err(drop),
            "refused" => number.parse().map(Self::Refused).map_err(drop),
            "ended" => number.parse().map(Self::Ended).map_err(drop),
            "left" => number.parse().map(Self::Left).map_err(drop),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn each_message_is_a_line_that_is_read_back() {
        for message in [
            Message::Started(4_194_304),
            Message::Runs,
            Message::Refused(2),
            Message::Ended(139),
            Message::Left(0),
        ] {
            let line = message.to_string();
            assert!(line.ends_with('\n'));
            assert_eq!(line.trim_end().parse(), Ok(message));
        }
        for garbage in ["", "ended", "ended x", "started -1", "hello 3"] {
            assert_eq!(garbage.parse::<Message>(), Err(()), "{garbage}");
        }
    }
}
