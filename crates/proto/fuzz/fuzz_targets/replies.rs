//! Any bytes, cut anywhere: the decoder of replies neither panics nor depends on the
//! pieces, and what it accepts is encoded to bytes that decode alike.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proto::{Reply, ReplyDecoder, ReplyError, Version};

fn decode<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Reply>, Option<ReplyError>) {
    let mut decoder = ReplyDecoder::new();
    let mut replies = Vec::new();
    for piece in pieces {
        decoder.feed(piece);
        loop {
            match decoder.next_reply() {
                Ok(Some(reply)) => replies.push(reply),
                Ok(None) => break,
                Err(error) => return (replies, Some(error)),
            }
        }
    }
    (replies, None)
}

fuzz_target!(|bytes: &[u8]| {
    let whole = decode([bytes]);
    for size in [1, 2, 7] {
        assert_eq!(decode(bytes.chunks(size)), whole, "in pieces of {size}");
    }

    let mut encoded = Vec::new();
    for reply in &whole.0 {
        reply.encode(Version::Resp3, &mut encoded);
    }
    assert_eq!(decode([&encoded[..]]), (whole.0, None));
});
