//! What the decoder of replies makes of bytes that arrive in pieces. The fuzz target of
//! replies uses it as well.

use proto::{Reply, ReplyDecoder, ReplyError};

/// Every reply, then what ended the stream.
pub(crate) type Decoded = (Vec<Reply>, Option<ReplyError>);

/// What comes out when the bytes arrive in these pieces.
pub(crate) fn decode_replies<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Decoded {
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
