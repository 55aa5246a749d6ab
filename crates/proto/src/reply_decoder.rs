//! Bytes to replies, for clients: strict, incremental and bounded, because a client may
//! meet any server.

use crate::{Reply, ReplyError, integer::parse_integer, limits};

/// An incremental decoder of replies, in either version of RESP.
///
/// ```
/// use proto::{Reply, ReplyDecoder};
///
/// let mut decoder = ReplyDecoder::new();
/// decoder.feed(b"*2\r\n:7\r\n+O");
/// assert_eq!(decoder.next_reply()?, None);
/// decoder.feed(b"K\r\n");
/// let reply = Reply::Array(vec![Reply::Integer(7), Reply::ok()]);
/// assert_eq!(decoder.next_reply()?, Some(reply));
/// # Ok::<(), proto::ReplyError>(())
/// ```
#[derive(Debug, Default)]
pub struct ReplyDecoder {
    buffer: Vec<u8>,
    start: usize,
    bulk_length: Option<usize>,
    open: Vec<Collection>,
    /// What the parts of the unfinished reply take.
    held: usize,
    /// The bytes of the unfinished reply that have left the buffer.
    taken: usize,
    failed: Option<ReplyError>,
}

/// An array or a map that has begun and is not complete.
#[derive(Debug)]
struct Collection {
    is_map: bool,
    missing: usize,
    items: Vec<Reply>,
}

/// What an array or a map takes beside its parts: the first one makes room for four.
const COLLECTION: usize = 4 * size_of::<Reply>();

/// One step of decoding.
enum Step {
    Whole(Reply),
    Opened(Collection),
}

impl ReplyDecoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in bytes as they arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes have come of a reply that is not complete.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        self.taken + self.buffer.len() - self.start
    }

    /// Whether a reply has begun that is not complete.
    #[must_use]
    pub fn is_mid_reply(&self) -> bool {
        self.unfinished() > 0
    }

    /// The next complete reply, or `None` until more bytes are fed.
    ///
    /// # Errors
    ///
    /// A [`ReplyError`] is final: each later call gives the same.
    pub fn next_reply(&mut self) -> Result<Option<Reply>, ReplyError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let next = self.decode();
        self.failed = next.as_ref().err().cloned();
        next
    }

    fn decode(&mut self) -> Result<Option<Reply>, ReplyError> {
        while let Some(step) = self.step()? {
            let mut whole = match step {
                Step::Opened(collection) if collection.missing > 0 => {
                    if self.open.len() == limits::REPLY_DEPTH {
                        return Err(ReplyError::TooBig);
                    }
                    // It has room for some parts as soon as it has one.
                    self.hold_bytes(COLLECTION)?;
                    self.open.push(collection);
                    continue;
                }
                Step::Opened(empty) => empty.close(),
                Step::Whole(reply) => reply,
            };
            self.hold(&whole)?;
            loop {
                let Some(collection) = self.open.last_mut() else {
                    (self.held, self.taken) = (0, 0);
                    return Ok(Some(whole));
                };
                collection.items.push(whole);
                collection.missing -= 1;
                if collection.missing > 0 {
                    break;
                }
                let Some(complete) = self.open.pop() else {
                    break;
                };
                whole = complete.close();
            }
        }
        Ok(None)
    }

    /// Counts a part of a reply that goes on: one without end is refused in time.
    fn hold(&mut self, part: &Reply) -> Result<(), ReplyError> {
        let bytes = match part {
            Reply::Simple(text) | Reply::Error(text) | Reply::Bulk(text) => text.len(),
            _ => 0,
        };
        self.hold_bytes(bytes + limits::REPLY_PART)
    }

    fn hold_bytes(&mut self, bytes: usize) -> Result<(), ReplyError> {
        self.held = self.held.saturating_add(bytes);
        match self.held > limits::REPLY {
            true => Err(ReplyError::TooBig),
            false => Ok(()),
        }
    }

    fn step(&mut self) -> Result<Option<Step>, ReplyError> {
        if let Some(length) = self.bulk_length {
            return self.bulk(length);
        }
        let Some(line) = self.line()? else {
            return Ok(None);
        };
        let Some((kind, text)) = line.split_first() else {
            return Err(ReplyError::UnknownType(b'\r'));
        };
        let step = match kind {
            b'+' => Step::Whole(Reply::Simple(text.to_vec())),
            b'-' => Step::Whole(Reply::Error(text.to_vec())),
            b':' => Step::Whole(Reply::Integer(number(text)?)),
            b'$' | b'*' if text == b"-1" => Step::Whole(Reply::Null),
            b'_' if text.is_empty() => Step::Whole(Reply::Null),
            b'$' => {
                let length = length(text, limits::REPLY_BULK)?;
                self.bulk_length = Some(length);
                return self.bulk(length);
            }
            b'*' | b'%' => {
                let is_map = *kind == b'%';
                let count = length(text, usize::MAX / 2)?;
                Step::Opened(Collection {
                    is_map,
                    missing: if is_map { 2 * count } else { count },
                    items: Vec::new(),
                })
            }
            other => return Err(ReplyError::UnknownType(*other)),
        };
        Ok(Some(step))
    }

    /// Takes the next line, without its end.
    fn line(&mut self) -> Result<Option<Vec<u8>>, ReplyError> {
        let pending = self.buffer.get(self.start..).unwrap_or_default();
        let Some(end) = pending.iter().position(|byte| *byte == b'\r') else {
            let too_big = pending.len() > limits::LINE;
            return if too_big {
                Err(ReplyError::TooBig)
            } else {
                Ok(None)
            };
        };
        let line = pending.get(..end).unwrap_or_default().to_vec();
        match pending.get(end + 1) {
            None => return Ok(None),
            Some(b'\n') => {}
            Some(_) => return Err(ReplyError::MissingEnd),
        }
        self.take(end + 2);
        Ok(Some(line))
    }

    fn bulk(&mut self, length: usize) -> Result<Option<Step>, ReplyError> {
        let pending = self.buffer.get(self.start..).unwrap_or_default();
        let Some((payload, end)) = pending.split_at_checked(length) else {
            return Ok(None);
        };
        match end {
            [b'\r', b'\n', ..] => {}
            [] | [b'\r'] => return Ok(None),
            _ => return Err(ReplyError::MissingEnd),
        }
        let payload = payload.to_vec();
        self.take(length + 2);
        self.bulk_length = None;
        Ok(Some(Step::Whole(Reply::Bulk(payload))))
    }

    fn take(&mut self, bytes: usize) {
        self.start += bytes;
        self.taken += bytes;
    }
}

impl Collection {
    fn close(self) -> Reply {
        if !self.is_map {
            return Reply::Array(self.items);
        }
        let mut items = self.items.into_iter();
        let mut pairs = Vec::new();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            pairs.push((key, value));
        }
        Reply::Map(pairs)
    }
}

fn number(text: &[u8]) -> Result<i64, ReplyError> {
    parse_integer(text).ok_or_else(|| ReplyError::InvalidNumber(text.to_vec()))
}

fn length(text: &[u8], most: usize) -> Result<usize, ReplyError> {
    let length = usize::try_from(number(text)?)
        .map_err(|_| ReplyError::InvalidNumber(text.to_vec()))?;
    if length > most {
        Err(ReplyError::TooBig)
    } else {
        Ok(length)
    }
}
