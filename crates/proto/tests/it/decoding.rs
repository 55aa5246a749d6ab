//! What a decoder makes of bytes that arrive in pieces.

use proto::{Arguments, ProtocolError, RequestDecoder};

/// Every request, then what ended the stream.
pub(crate) type Decoded = (Vec<Arguments>, Option<ProtocolError>);

/// What comes out when the bytes arrive in these pieces.
pub(crate) fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Decoded {
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

/// The bytes cut before each of these places.
pub(crate) fn pieces<'a>(bytes: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|place| place % (bytes.len() + 1))
        .collect();
    places.sort_unstable();
    let mut rest = bytes;
    let mut taken = 0;
    let mut pieces = Vec::new();
    for place in places {
        let (piece, after) = rest.split_at(place - taken);
        pieces.push(piece);
        rest = after;
        taken = place;
    }
    pieces.push(rest);
    pieces
}
