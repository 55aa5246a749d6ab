//! A reply as the record keeps it: one line, and what TIMED says.

use client::Reply;

/// More of a reply than that is not kept.
const KEPT: usize = 200;

/// A reply taken apart.
pub(super) struct Answer {
    pub(super) line: String,
    pub(super) service_us: Option<u64>,
    /// What the server says, where that is less than nothing.
    pub(super) claimed_us: Option<i64>,
    pub(super) thread: Option<String>,
}

impl Answer {
    /// Takes the array of TIMED apart, if the request was timed.
    pub(super) fn of(reply: &Reply, was_timed: bool) -> Self {
        if was_timed
            && let Reply::Array(items) = reply
            && let [Reply::Integer(service), Reply::Bulk(thread), inner] =
                items.as_slice()
        {
            return Self {
                line: line(inner),
                service_us: u64::try_from(*service).ok(),
                claimed_us: service.is_negative().then_some(*service),
                thread: Some(String::from_utf8_lossy(thread).into_owned()),
            };
        }
        Self {
            line: line(reply),
            service_us: None,
            claimed_us: None,
            thread: None,
        }
    }
}

/// The reply's first line with its type before it, without control characters.
fn line(reply: &Reply) -> String {
    let text: String = match reply {
        Reply::Simple(text) => format!("+{}", String::from_utf8_lossy(text)),
        Reply::Error(text) => format!("-{}", String::from_utf8_lossy(text)),
        Reply::Integer(number) => format!(":{number}"),
        Reply::Bulk(bytes) => format!("${}", String::from_utf8_lossy(bytes)),
        Reply::Array(items) => {
            let items: Vec<String> = items.iter().map(line).collect();
            format!("*{}", items.join(" "))
        }
        Reply::Rows(rows) => format!("*{}", rows.len()),
        Reply::Map(pairs) => format!("%{}", pairs.len()),
        Reply::Null => "(nil)".to_owned(),
    };
    let one_line = text.trim_end().chars().take(KEPT);
    one_line.map(proto::blank_unless_printable).collect()
}

/// Whether a request can stand behind TIMED: HELLO, QUIT and TIMED itself cannot.
pub(super) fn can_be_timed(arguments: &[Vec<u8>]) -> bool {
    let is = |name: &str| {
        arguments
            .first()
            .is_some_and(|first| first.eq_ignore_ascii_case(name.as_bytes()))
    };
    !["HELLO", "QUIT", "TIMED"].into_iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::Answer;
    use client::Reply;

    #[test]
    fn what_timed_says_is_told_from_the_reply_itself() {
        let inner = Reply::Array(vec![
            Reply::Integer(0),
            Reply::text("now\n"),
            Reply::text(""),
        ]);
        let reply = Reply::Array(vec![Reply::Integer(1_234), Reply::text("main"), inner]);
        let answer = Answer::of(&reply, true);
        assert_eq!(answer.line, "*:0 $now $");
        assert_eq!(answer.service_us, Some(1_234));
        assert_eq!(answer.thread.as_deref(), Some("main"));
    }

    #[test]
    fn a_reply_stays_one_line_without_escapes() {
        let answer = Answer::of(&Reply::text("a\r\n\x1b[31mb"), false);
        assert_eq!(answer.line, "$a   [31mb");
        assert_eq!(answer.service_us, None);
    }
}
