//! Replies as a person reads them: results on standard output, the rest on standard
//! error.

use std::{
    io::{self, Write},
    time::Duration,
};

use client::Reply;

/// Prints the reply to a request, and says which exit status it means.
pub(crate) fn reply(
    request: &[Vec<u8>],
    reply: &Reply,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let status = match reply {
        Reply::Error(line) => {
            writeln!(err, "-{}", proto::printable(line))?;
            if let Some(hint) = hint(request, line) {
                writeln!(err, "{hint}")?;
            }
            1
        }
        Reply::Bulk(bytes) => {
            out.write_all(bytes)?;
            if !bytes.ends_with(b"\n") {
                out.write_all(b"\n")?;
            }
            0
        }
        Reply::Array(items) => array(request, items, out, err)?,
        Reply::Map(pairs) => {
            for pair in pairs {
                writeln!(out, "{}", pair_text(pair))?;
            }
            0
        }
        single => {
            writeln!(out, "{}", text(single))?;
            0
        }
    };
    out.flush()?;
    Ok(status)
}

/// What to do about an error that people meet who have just begun.
fn hint(request: &[Vec<u8>], line: &[u8]) -> Option<String> {
    let line = str::from_utf8(line).ok()?;
    let words: Vec<_> = request.iter().map(proto::printable).collect();
    if line.starts_with("ERR unknown command '") {
        let words = words.join(" ");
        return Some(format!(
            "a Linux command is run with RUN, as in: RUN {words}"
        ));
    }
    let name = line
        .strip_prefix("NOPERM '")?
        .split_once("' is not on the allowlist")?
        .0;
    Some(format!(
        "the server can allow it, with any arguments: --allow {}",
        proto::printable(name.as_bytes())
    ))
}

/// What RUN and TIMED answer has a form of its own; other arrays are an item a line.
fn array(
    request: &[Vec<u8>],
    items: &[Reply],
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let (name, rest) = match request.split_first() {
        Some((name, rest)) => (name.to_ascii_lowercase(), rest),
        None => (Vec::new(), request),
    };
    match (name.as_slice(), items) {
        (
            b"run",
            [
                Reply::Integer(status),
                Reply::Bulk(output),
                Reply::Bulk(errors),
            ],
        ) => {
            out.write_all(output)?;
            err.write_all(errors)?;
            Ok(u8::try_from(*status).unwrap_or(u8::MAX))
        }
        (b"timed", [Reply::Integer(micros), Reply::Bulk(thread), inner]) => {
            let status = reply(rest, inner, out, err)?;
            cost(*micros, thread, err)?;
            Ok(status)
        }
        (_, items) => {
            for item in items {
                writeln!(out, "{}", text(item))?;
            }
            Ok(0)
        }
    }
}

fn cost(micros: i64, thread: &[u8], err: &mut impl Write) -> io::Result<()> {
    let cost = Duration::from_micros(micros.unsigned_abs());
    let millis = cost.as_secs_f64() * 1e3;
    let thread = proto::printable(thread);
    writeln!(err, "served in {millis:.3} ms by the thread {thread}")
}

/// A reply on one line; what is inside an array is divided by tabs, for `cut` and for
/// tables.
fn text(reply: &Reply) -> String {
    match reply {
        Reply::Simple(text) | Reply::Bulk(text) => proto::printable(text),
        Reply::Error(line) => format!("-{}", proto::printable(line)),
        Reply::Integer(number) => number.to_string(),
        Reply::Null => "(nil)".to_owned(),
        Reply::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("\t"),
        Reply::Rows(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| text(&row)).collect();
            rows.join("\t")
        }
        Reply::Map(pairs) => pairs.iter().map(pair_text).collect::<Vec<_>>().join("\t"),
    }
}

fn pair_text((key, value): &(Reply, Reply)) -> String {
    format!("{}: {}", text(key), text(value))
}

#[cfg(test)]
mod tests {
    use super::reply;
    use client::Reply;

    fn printed(request: &str, answer: &Reply) -> (u8, String, String) {
        let request = proto::split_line(request.as_bytes()).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = reply(&request, answer, &mut out, &mut err).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status, text(out), text(err))
    }

    #[test]
    fn a_name_neither_rules_the_terminal_nor_turns_its_line() {
        let roster = Reply::Array(vec![Reply::text("\u{202e}Ada\u{1b}[2J\u{2066}")]);
        let (_, out, _) = printed("ROSTER", &Reply::Array(vec![roster]));
        assert_eq!(out.trim_end(), r"\u{202e}Ada\u{1b}[2J\u{2066}");
    }

    fn run(status: i64, out: &str, err: &str) -> Reply {
        Reply::Array(vec![
            Reply::Integer(status),
            Reply::text(out),
            Reply::text(err),
        ])
    }

    #[test]
    fn each_kind_of_reply_has_its_form() {
        let pair = || Reply::Array(vec![Reply::text("Ann"), Reply::text("s1")]);
        let map = Reply::Map(vec![(Reply::text("proto"), Reply::Integer(3))]);
        for (answer, status, out, err) in [
            (Reply::ok(), 0, "OK\n", ""),
            (Reply::Integer(-7), 0, "-7\n", ""),
            (Reply::text("a b"), 0, "a b\n", ""),
            (Reply::text("a\n"), 0, "a\n", ""),
            (Reply::error("ERR no"), 1, "", "-ERR no\n"),
            (Reply::Array(vec![]), 0, "", ""),
            (
                Reply::Array(vec![Reply::text("\x1b[2J\n")]),
                0,
                "\\u{1b}[2J\\n\n",
                "",
            ),
            (
                Reply::Array(vec![pair(), pair()]),
                0,
                "Ann\ts1\nAnn\ts1\n",
                "",
            ),
            (map, 0, "proto: 3\n", ""),
        ] {
            let expected = (status, out.to_owned(), err.to_owned());
            assert_eq!(printed("X", &answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn an_error_that_beginners_meet_says_what_to_do() {
        let unknown = "ERR unknown command 'date', with args beginning with: '-u' ";
        let (status, out, err) = printed("date -u", &Reply::error(unknown));
        assert_eq!((status, out.as_str()), (1, ""));
        let hint = "a Linux command is run with RUN, as in: RUN date -u\n";
        assert_eq!(err, format!("-{unknown}\n{hint}"));
        let refused = "NOPERM 'rm' is not on the allowlist (date)";
        let (_, _, err) = printed("TIMED RUN rm", &Reply::error(refused));
        assert!(err.ends_with(": --allow rm\n"), "{err}");
        let (_, _, err) =
            printed("RUN date -s x", &Reply::error("NOPERM '-s' is no argument"));
        assert_eq!(err.lines().count(), 1, "{err}");
    }

    #[test]
    fn what_a_command_printed_is_passed_on_as_it_is() {
        let expected = (3, "out".to_owned(), "err".to_owned());
        assert_eq!(printed("run x", &run(3, "out", "err")), expected);
        assert_eq!(printed("RUN x", &run(300, "", "")).0, 255);
        assert_eq!(printed("ECHO x", &run(3, "out", "err")).1, "3\nout\nerr\n");
    }

    #[test]
    fn the_cost_of_a_timed_request_is_told_beside_its_reply() {
        let timed = |inner| {
            Reply::Array(vec![Reply::Integer(1500), Reply::text("client-1"), inner])
        };
        let (status, out, err) = printed("TIMED RUN x", &timed(run(4, "out\n", "")));
        assert_eq!((status, out.as_str()), (4, "out\n"));
        assert_eq!(err, "served in 1.500 ms by the thread client-1\n");
        let (status, _, err) = printed("timed X", &timed(Reply::error("ERR no")));
        assert_eq!((status, err.lines().next()), (1, Some("-ERR no")));
    }
}
