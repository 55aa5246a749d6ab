//! Replies as the text that a client without frames expects.

use proto::Reply;

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
