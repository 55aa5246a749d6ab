//! Any bytes, cut anywhere: the decoder of requests neither panics nor depends on the
//! pieces, and what it accepts can be encoded and decoded again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proto::{Arguments, ProtocolError, Request, RequestDecoder};

fn decode<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Arguments>, Option<ProtocolError>) {
    let mut decoder = RequestDecoder::new();
    let mut requests = Vec::new();
    for piece in pieces {
        decoder.feed(piece);
        loop {
            match decoder.next_request() {
                Ok(Some(arguments)) => requests.push(arguments),
                Ok(None) => break,
                Err(error) => return (requests, Some(error)),
            }
        }
    }
    (requests, None)
}

fuzz_target!(|bytes: &[u8]| {
    let whole = decode([bytes]);
    for size in [1, 2, 7] {
        assert_eq!(decode(bytes.chunks(size)), whole, "in pieces of {size}");
    }

    let mut encoded = Vec::new();
    for arguments in &whole.0 {
        let _ = Request::parse(arguments).map_err(|error| error.to_reply());
        proto::encode_request(arguments, &mut encoded);
    }
    assert_eq!(decode([&encoded[..]]), (whole.0, None));
});
