//! The framing rules of `docs/protocol.md` as tables: accepted bytes with their requests,
//! refused bytes with their error, and each of them cut at every byte.

use crate::{cutting::pieces, decoded_requests::decode};
use proto::{ProtocolError, ProtocolError::*};

/// Bytes, and the requests in them: words, one list a request.
type Accepted = (&'static [u8], &'static [&'static [&'static str]]);

#[rustfmt::skip]
const ACCEPTED: &[Accepted] = &[
    // arrays of bulk strings
    (b"*1\r\n$4\r\nPING\r\n",                       &[&["PING"]]),
    (b"*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n",           &[&["ECHO", "hi"]]),
    (b"*1\r\n$0\r\n\r\n",                           &[&[""]]),
    (b"*2\r\n$4\r\nECHO\r\n$4\r\na\r\nb\r\n",       &[&["ECHO", "a\r\nb"]]),
    (b"*2\r\n$4\r\nECHO\r\n$3\r\na\0b\r\n",         &[&["ECHO", "a\0b"]]),
    (b"*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n",   &[&["PING"], &["QUIT"]]),
    (b"*1\r\n$4\r\nPING\r\nPING\r\n",               &[&["PING"], &["PING"]]),
    // arrays of nothing are ignored, and the next request is read afresh
    (b"*0\r\n",                                     &[]),
    (b"*-1\r\n",                                    &[]),
    (b"*-9223372036854775808\r\n",                  &[]),
    (b"*0\r\n*-7\r\nPING\r\n",                      &[&["PING"]]),
    // the byte after a CR and the two after a payload are skipped unseen
    (b"*1\rX$4\rYPINGZZ",                           &[&["PING"]]),
    (b"*1\r\n$4\r\nPING$4PING\r\n",                 &[&["PING"], &["PING"]]),
    // a header without a CR goes on to the next one
    (b"*1\n$4\nPING\n",                             &[]),
    // what is not there yet
    (b"*",                                          &[]),
    (b"*1\r",                                       &[]),
    (b"*2\r\n$4\r\nPING\r\n",                       &[]),
    (b"*1\r\n$4\r\nPING\r",                         &[]),
    (b"*1\r\n$4\r",                                 &[]),
    (b"*1\r\nX",                                    &[]),
    (b"PING",                                       &[]),
    (b"\"open",                                     &[]),
    // lines
    (b"PING\n",                                     &[&["PING"]]),
    (b"PING\r\n",                                   &[&["PING"]]),
    (b"\r\n\n \r\n\t\n",                            &[]),
    (b"\r\nPING\r\n",                               &[&["PING"]]),
    (b"PING\r\r\n",                                 &[&["PING"]]),
    (b"PING\rPONG\n",                               &[&["PING", "PONG"]]),
    (b"  ECHO\t a \r\n",                            &[&["ECHO", "a"]]),
    (b"ECHO a\x0bb \x0cc\n",                        &[&["ECHO", "a\x0bb", "c"]]),
    (b" *1\r\n",                                    &[&["*1"]]),
    (b"$4\r\nPING\r\n",                             &[&["$4"], &["PING"]]),
    (b"\"\"\n",                                     &[&[""]]),
    (b"ECHO a\0b\n",                                &[&["ECHO", "a\0b"]]),
    // quotes
    (b"ECHO \"a b\" 'c d'\n",                       &[&["ECHO", "a b", "c d"]]),
    (b"ECHO a\"b\"\n",                              &[&["ECHO", "ab"]]),
    (b"ECHO \"\\x41\\x4a\\xZZ\\x4\"\n",             &[&["ECHO", "AJxZZx4"]]),
    (b"ECHO \"\\n\\r\\t\\b\\a\\\"\\\\\\q\"\n",      &[&["ECHO", "\n\r\t\x08\x07\"\\q"]]),
    (b"ECHO 'it\\'s \\n'\n",                        &[&["ECHO", "it's \\n"]]),
    (b"ECHO \"'\" '\"'\n",                          &[&["ECHO", "'", "\""]]),
    (b"ECHO \"a\"\x0b'b'\x0cc\n",                   &[&["ECHO", "a", "b", "c"]]),
    (b"ECHO a\\ b\n",                               &[&["ECHO", "a\\", "b"]]),
];

#[rustfmt::skip]
const REFUSED: &[(&[u8], ProtocolError)] = &[
    (b"*x\r\n",                            InvalidCount),
    (b"*\r\n",                             InvalidCount),
    (b"*-0\r\n",                           InvalidCount),
    (b"*+1\r\n",                           InvalidCount),
    (b"*01\r\n",                           InvalidCount),
    (b"* 1\r\n",                           InvalidCount),
    (b"*1 \r\n",                           InvalidCount),
    (b"*1\n\r\n",                          InvalidCount),
    (b"*9223372036854775808\r\n",          InvalidCount),
    (b"*1025\r\n",                         InvalidCount),
    (b"*1\r\n$\r\n",                       InvalidLength),
    (b"*1\r\n$-1\r\n",                     InvalidLength),
    (b"*1\r\n$-0\r\n",                     InvalidLength),
    (b"*1\r\n$04\r\n",                     InvalidLength),
    (b"*1\r\n$+4\r\n",                     InvalidLength),
    (b"*1\r\n$x\r\n",                      InvalidLength),
    (b"*1\r\n$1048577\r\n",                InvalidLength),
    (b"*1\r\n$1099511627776\r\n",          InvalidLength),
    (b"*1\n$4\nPING\n\r\n",                InvalidCount),
    (b"*1\r\nPING\r\n",                    ExpectedBulk(b'P')),
    (b"*1\r\n*1\r\n",                      ExpectedBulk(b'*')),
    (b"*1\r\n\r\n",                        ExpectedBulk(b'\r')),
    (b"*1\r\n\n\r\n",                      ExpectedBulk(b'\n')),
    (b"*1\r\n\xff\r\n",                    ExpectedBulk(b'\xff')),
    (b"*2\r\n$4\r\nPING\r\n:1\r\n",        ExpectedBulk(b':')),
    (b"\"\n",                              UnbalancedQuotes),
    (b"ECHO 'a\n",                         UnbalancedQuotes),
    (b"ECHO \"a\"b\n",                     UnbalancedQuotes),
    (b"ECHO 'a'b\n",                       UnbalancedQuotes),
    (b"ECHO \"a\"'b'\n",                   UnbalancedQuotes),
    (b"ECHO \"a\\\"\n",                    UnbalancedQuotes),
    (b"ECHO \"a\\\n",                      UnbalancedQuotes),
    (b"ECHO 'a\\'\n",                      UnbalancedQuotes),
];

fn words(requests: &[&[&str]]) -> Vec<Vec<Vec<u8>>> {
    requests
        .iter()
        .map(|request| {
            request
                .iter()
                .map(|word| word.as_bytes().to_vec())
                .collect()
        })
        .collect()
}

#[test]
fn accepted_bytes_are_the_requests_of_the_table() {
    for (bytes, requests) in ACCEPTED {
        let expected = (words(requests), None);
        assert_eq!(decode([*bytes]), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn refused_bytes_give_the_error_of_the_table_after_the_requests_before_them() {
    for (bytes, error) in REFUSED {
        let after_a_ping = [b"PING\r\n", *bytes].concat();
        let expected = (words(&[&["PING"]]), Some(*error));
        assert_eq!(
            decode([&after_a_ping[..]]),
            expected,
            "{}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn every_frame_cut_at_every_byte_decodes_alike() {
    let refused = REFUSED.iter().map(|(bytes, _)| *bytes);
    for bytes in ACCEPTED.iter().map(|(bytes, _)| *bytes).chain(refused) {
        let whole = decode([bytes]);
        for cut in 0..=bytes.len() {
            let halves = decode(pieces(bytes, &[cut]));
            assert_eq!(halves, whole, "{} cut at {cut}", bytes.escape_ascii());
        }
        assert_eq!(decode(bytes.chunks(1)), whole, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_protocol_error_is_final() {
    let mut decoder = proto::RequestDecoder::new();
    decoder.feed(b"*x\r\nPING\r\n");
    assert_eq!(decoder.next_request(), Err(InvalidCount));
    decoder.feed(b"PING\r\n");
    assert_eq!(decoder.next_request(), Err(InvalidCount));
}

#[test]
fn a_request_that_has_begun_is_told_from_silence() {
    let mut decoder = proto::RequestDecoder::new();
    assert!(!decoder.is_mid_request());
    for begun in [&b"*"[..], b"1\r\n", b"$4\r\nPI"] {
        decoder.feed(begun);
        assert_eq!(decoder.next_request(), Ok(None));
        assert!(decoder.is_mid_request(), "{}", begun.escape_ascii());
    }
    decoder.feed(b"NG\r\n");
    assert_eq!(decoder.next_request(), Ok(Some(vec![b"PING".to_vec()])));
    assert!(!decoder.is_mid_request());
}
