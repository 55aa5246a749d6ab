//! The limits of `docs/protocol.md`: the largest that passes and the smallest that does
//! not, however the bytes are cut.

use crate::{cutting::pieces, decoded_requests::decode};
use proto::{ProtocolError, ReplyDecoder, RequestDecoder, encode_request, limits};

/// What becomes of the bytes, which must not depend on where they are cut.
fn outcome(bytes: &[u8]) -> Result<usize, ProtocolError> {
    let whole = decode([bytes]);
    for places in [
        vec![bytes.len() / 2],
        vec![1, bytes.len() - 1],
        vec![bytes.len() - 2],
    ] {
        assert!(decode(pieces(bytes, &places)) == whole, "cut at {places:?}");
    }
    assert!(
        decode(bytes.chunks(4096)) == whole,
        "cut into chunks of 4 KiB"
    );
    match whole {
        (_, Some(error)) => Err(error),
        (requests, None) => Ok(requests.len()),
    }
}

fn line(length: usize, end: &str) -> Vec<u8> {
    format!("ECHO {}{end}", "a".repeat(length - "ECHO ".len())).into_bytes()
}

#[test]
fn a_line_has_at_most_64_kib_before_its_end() {
    let too_big = Err(ProtocolError::InlineTooBig);
    assert_eq!(outcome(&line(limits::LINE, "\n")), Ok(1));
    assert_eq!(outcome(&line(limits::LINE - 1, "\r\n")), Ok(1));
    assert_eq!(outcome(&line(limits::LINE, "")), Ok(0));
    assert_eq!(outcome(&line(limits::LINE, "\r\n")), too_big);
    assert_eq!(outcome(&line(limits::LINE + 1, "\n")), too_big);
    assert_eq!(outcome(&line(limits::LINE + 1, "")), too_big);
}

#[test]
fn a_header_line_has_at_most_64_kib_before_its_end() {
    let digits = |count: usize| "9".repeat(count);
    let count_line = |length: usize| format!("*{}", digits(length - 1));
    let length_line = |length: usize| format!("*1\r\n${}", digits(length - 1));

    let too_big = Err(ProtocolError::CountLineTooBig);
    assert_eq!(outcome(count_line(limits::LINE).as_bytes()), Ok(0));
    assert_eq!(outcome(count_line(limits::LINE + 1).as_bytes()), too_big);
    let too_big = Err(ProtocolError::LengthLineTooBig);
    assert_eq!(outcome(length_line(limits::LINE).as_bytes()), Ok(0));
    assert_eq!(outcome(length_line(limits::LINE + 1).as_bytes()), too_big);
    let no_bulk = format!("*1\r\n{}", digits(limits::LINE + 1));
    assert_eq!(outcome(no_bulk.as_bytes()), too_big);
}

#[test]
fn a_request_has_at_most_1024_arguments() {
    let array = |count: usize| {
        let mut bytes = Vec::new();
        proto::encode_request(&vec!["a"; count], &mut bytes);
        bytes
    };
    let typed = |count: usize| format!("{}\r\n", "a ".repeat(count)).into_bytes();
    let too_many = Err(ProtocolError::InvalidCount);
    assert_eq!(outcome(&array(limits::ARGUMENTS)), Ok(1));
    assert_eq!(outcome(&array(limits::ARGUMENTS + 1)), too_many);
    assert_eq!(outcome(&typed(limits::ARGUMENTS)), Ok(1));
    assert_eq!(outcome(&typed(limits::ARGUMENTS + 1)), too_many);
}

#[test]
fn an_argument_has_at_most_1_mib() {
    let bulk = |length: usize| {
        let mut bytes = Vec::new();
        proto::encode_request(&[vec![b'a'; length]], &mut bytes);
        bytes
    };
    assert_eq!(outcome(&bulk(limits::ARGUMENT)), Ok(1));
    let too_long = Err(ProtocolError::InvalidLength);
    assert_eq!(outcome(&bulk(limits::ARGUMENT + 1)), too_long);
}

#[test]
fn a_request_has_at_most_16_mib() {
    let request = |arguments: usize| {
        let mut bytes = Vec::new();
        let argument = vec![b'a'; limits::ARGUMENT];
        proto::encode_request(&vec![argument; arguments], &mut bytes);
        bytes
    };
    let most = limits::REQUEST / limits::ARGUMENT;
    assert_eq!(outcome(&request(most)), Ok(1));
    let too_long = Err(ProtocolError::InvalidLength);
    assert_eq!(outcome(&request(most + 1)), too_long);
}

#[test]
fn large_arguments_arrive_as_they_were_sent_however_they_are_cut() {
    let sizes = [20_000, 16 * 1024, 16 * 1024 - 1, 100_000, 3, 70_000];
    let (mut bytes, mut expected) = (Vec::new(), Vec::new());
    for (index, size) in sizes.into_iter().enumerate() {
        let letter = b'a' + u8::try_from(index).unwrap();
        let arguments =
            vec![b"ECHO".to_vec(), vec![letter; size], vec![letter; 2 * size]];
        encode_request(&arguments, &mut bytes);
        expected.push(arguments);
    }
    for piece in [1_000, 16 * 1024, 65_536, bytes.len()] {
        let mut decoder = RequestDecoder::new();
        let mut decoded = Vec::new();
        for piece in bytes.chunks(piece) {
            decoder.feed(piece);
            while let Some(arguments) = decoder.next_request().unwrap() {
                decoded.push(arguments);
            }
        }
        assert!(decoded == expected, "in pieces of {piece}");
    }
}

#[test]
fn a_decoder_holds_little_more_than_what_it_was_sent() {
    let mut source = b"*17\r\n".to_vec();
    for _ in 0..16 {
        source.extend_from_slice(b"$1000000\r\n");
        source.extend_from_slice(&[b'x'; 1_000_000]);
        source.extend_from_slice(b"\r\n");
    }
    let mut decoder = RequestDecoder::new();
    let (mut rest, mut received) = (source.as_slice(), 0);
    loop {
        let count = decoder.read_from(&mut rest).unwrap();
        assert_eq!(decoder.next_request().unwrap(), None);
        received += count;
        let held = decoder.held();
        assert!(
            held + 1_000 >= received && held < received + 256 * 1024,
            "{held}"
        );
        if count == 0 {
            break;
        }
    }
    assert_eq!(received, source.len());
    decoder.feed(b"$0\r\n\r\n");
    assert_eq!(decoder.next_request().unwrap().unwrap().len(), 17);
    assert!(decoder.held() < 256 * 1024, "{}", decoder.held());
}

/// A client that reads an array of arrays of arrays has room for each of them.
#[test]
fn arrays_within_arrays_count_what_they_take() {
    let mut decoder = ReplyDecoder::new();
    decoder.feed(b"*999999999\r\n");
    let nested = ["*1\r\n".repeat(31).as_str(), ":1\r\n"].concat();
    let mut fed = 0;
    while decoder.next_reply() == Ok(None) {
        decoder.feed(nested.as_bytes());
        fed += nested.len();
    }
    assert!(fed < limits::REPLY / 8, "{fed}");
}
