//! Any bytes, cut anywhere: the decoder of requests neither panics nor depends on the
//! pieces, and what it accepts can be encoded and decoded again.
#![no_main]

#[path = "../../tests/it/decoded_requests.rs"]
mod decoded_requests;

use decoded_requests::decode;
use libfuzzer_sys::fuzz_target;
use proto::Request;

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
