//! Any bytes, cut anywhere: the decoder of replies neither panics nor depends on the
//! pieces, and what it accepts is encoded to bytes that decode alike.
#![no_main]

#[path = "../../tests/it/decoded_replies.rs"]
mod decoded_replies;

use decoded_replies::decode_replies;
use libfuzzer_sys::fuzz_target;
use proto::Version;

fuzz_target!(|bytes: &[u8]| {
    let whole = decode_replies([bytes]);
    for size in [1, 2, 7] {
        assert_eq!(
            decode_replies(bytes.chunks(size)),
            whole,
            "in pieces of {size}"
        );
    }

    let mut encoded = Vec::new();
    for reply in &whole.0 {
        reply.encode(Version::Resp3, &mut encoded);
    }
    assert_eq!(decode_replies([&encoded[..]]), (whole.0, None));
});
