//! What holds for any bytes: cutting them changes nothing, and encoding and decoding are
//! duals.

use crate::{cutting::pieces, decoded_replies::decode_replies, decoded_requests::decode};
use proptest::{collection::vec, prelude::*, sample::select};
use proto::{Arguments, Reply, Version};

/// Pieces of frames, in which most streams of random bytes would never reach the deeper
/// rules.
const FRAGMENTS: &[&[u8]] = &[
    b"*",
    b"$",
    b"\r\n",
    b"\r",
    b"\n",
    b"0",
    b"1",
    b"2",
    b"4",
    b"-1",
    b"PING",
    b"ECHO",
    b" ",
    b"\"",
    b"'",
    b"\\",
    b"\\x41",
    b"\x0b",
    b"\0",
    b"\xff",
    b"*1\r\n",
    b"$4\r\nPING\r\n",
    b"*2\r\n$4\r\nECHO\r\n",
    b"+",
    b"-",
    b":",
    b"%",
    b"%1\r\n",
    b"*3\r\n",
    b":7\r\n",
    b"$0\r\n",
];

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        4 => select(FRAGMENTS).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..6),
    ];
    vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

fn arguments() -> impl Strategy<Value = Arguments> {
    vec(vec(any::<u8>(), 0..40), 1..12)
}

/// Replies that a server can send: a line holds no CR and no LF.
fn reply() -> impl Strategy<Value = Reply> {
    let line = "[^\r\n]{0,20}".prop_map(String::into_bytes);
    let leaf = prop_oneof![
        line.clone().prop_map(Reply::Simple),
        line.prop_map(Reply::Error),
        any::<i64>().prop_map(Reply::Integer),
        Just(Reply::Null),
        vec(any::<u8>(), 0..40).prop_map(Reply::Bulk),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Reply::Array),
            vec((inner.clone(), inner), 0..4).prop_map(Reply::Map),
        ]
    })
}

/// In RESP2 a map is the flat array of its keys and values.
fn flattened(reply: Reply) -> Reply {
    match reply {
        Reply::Array(items) => Reply::Array(items.into_iter().map(flattened).collect()),
        Reply::Map(pairs) => Reply::Array(
            pairs
                .into_iter()
                .flat_map(|(key, value)| [flattened(key), flattened(value)])
                .collect(),
        ),
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(2_000)
    })]

    #[test]
    fn requests_cut_in_any_way_decode_alike(
        bytes in stream(),
        places in vec(any::<usize>(), 0..8),
    ) {
        let whole = decode([&bytes[..]]);
        prop_assert_eq!(decode(pieces(&bytes, &places)), whole.clone());
        prop_assert_eq!(decode(bytes.chunks(1)), whole);
    }

    #[test]
    fn replies_cut_in_any_way_decode_alike(
        bytes in stream(),
        places in vec(any::<usize>(), 0..8),
    ) {
        let whole = decode_replies([&bytes[..]]);
        prop_assert_eq!(decode_replies(pieces(&bytes, &places)), whole.clone());
        prop_assert_eq!(decode_replies(bytes.chunks(1)), whole);
    }

    #[test]
    fn requests_decode_to_what_was_encoded(requests in vec(arguments(), 0..6)) {
        let mut bytes = Vec::new();
        for request in &requests {
            proto::encode_request(request, &mut bytes);
        }
        prop_assert_eq!(decode([&bytes[..]]), (requests, None));
    }

    #[test]
    fn replies_decode_to_what_was_encoded(replies in vec(reply(), 0..6)) {
        let mut bytes = Vec::new();
        for reply in &replies {
            reply.encode(Version::Resp3, &mut bytes);
        }
        prop_assert_eq!(decode_replies([&bytes[..]]), (replies.clone(), None));

        bytes.clear();
        for reply in &replies {
            reply.encode(Version::Resp2, &mut bytes);
        }
        let flat: Vec<Reply> = replies.into_iter().map(flattened).collect();
        prop_assert_eq!(decode_replies([&bytes[..]]), (flat, None));
    }

    #[test]
    fn any_arguments_parse_to_a_request_or_to_one_line(arguments in arguments()) {
        if let Err(error) = proto::Request::parse(&arguments) {
            let mut bytes = Vec::new();
            error.to_reply().encode(Version::Resp2, &mut bytes);
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
            let is_one_line = bytes.ends_with(b"\r\n") && lines == 2;
        prop_assert!(is_one_line, "{}", bytes.escape_ascii());
        }
    }
}
