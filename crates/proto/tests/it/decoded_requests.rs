//! What the decoder of requests makes of bytes that arrive in pieces. The fuzz target of
//! requests uses it as well.

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
