//! Bytes to requests, in pieces of any size: the framing rules of Redis 7, to the letter.

use std::io::{self, Read};

use crate::{
    Arguments, ProtocolError, integer::parse_integer, limits, received::Received,
    split_line,
};

/// An incremental decoder of requests.
///
/// Feed it what arrives, then call [`next_request`](Self::next_request) until it has no
/// complete request left. Its dual on the client's side is
/// [`ReplyDecoder`](crate::ReplyDecoder).
#[derive(Debug, Default)]
pub struct RequestDecoder {
    /// What has come and belongs to no argument yet.
    received: Received,
    array: Option<Array>,
    failed: Option<ProtocolError>,
}

/// An array of bulk strings that has begun and is not complete.
#[derive(Debug)]
struct Array {
    missing: usize,
    /// How many bytes of arguments the request may still have.
    room: usize,
    bulk_length: Option<usize>,
    arguments: Arguments,
}

impl RequestDecoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in bytes as they arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.received.feed(bytes);
    }

    /// Reads once from `source`, and says how many bytes came; 0 is the end. Asks for 1
    /// KiB, and for more (64 KiB at most) as long as a peer fills what it was asked for.
    ///
    /// # Errors
    ///
    /// Those of `source`, and `OutOfMemory` where the system has no memory for more;
    /// nothing is lost then.
    pub fn read_from(&mut self, source: &mut dyn Read) -> io::Result<usize> {
        self.received.read_from(source)
    }

    /// Whether a request has begun that is not complete.
    #[must_use]
    pub fn is_mid_request(&self) -> bool {
        self.array.is_some() || !self.received.bytes().is_empty()
    }

    /// Bytes of memory that it holds: what was received and not taken out yet, and room
    /// for more.
    #[must_use]
    pub fn held(&self) -> usize {
        let arguments = self.array.as_ref().map_or(0, |array| {
            let list = array.arguments.capacity() * size_of::<Vec<u8>>();
            limits::REQUEST - array.room + list
        });
        self.received.capacity() + arguments
    }

    /// The next complete request, or `None` until more bytes are fed. Requests that Redis
    /// ignores (an empty line, `*0`, `*-1`) are skipped.
    ///
    /// # Errors
    ///
    /// A [`ProtocolError`] is final: each later call gives the same.
    pub fn next_request(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let next = self.decode();
        self.failed = next.as_ref().err().copied();
        next
    }

    fn decode(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        loop {
            let frame = match (&self.array, self.received.bytes().first()) {
                (Some(_), _) => self.bulk_strings()?,
                (None, Some(b'*')) => {
                    let Some(count) = self.count_line()? else {
                        return Ok(None);
                    };
                    self.array = (count > 0).then(|| Array {
                        missing: count,
                        room: limits::REQUEST,
                        bulk_length: None,
                        arguments: Vec::new(),
                    });
                    continue;
                }
                (None, Some(_)) => self.inline()?,
                (None, None) => None,
            };
            match frame {
                Some(arguments) if arguments.is_empty() => {}
                frame => return Ok(frame),
            }
        }
    }

    fn inline(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        let Some(end) = self.received.line_end(b'\n', ProtocolError::InlineTooBig)?
        else {
            return Ok(None);
        };
        let line = self.received.bytes().get(..end).unwrap_or_default();
        let arguments = split_line(line.strip_suffix(b"\r").unwrap_or(line))?;
        if arguments.len() > limits::ARGUMENTS {
            return Err(ProtocolError::InvalidCount);
        }
        self.received.consume(end + 1);
        Ok(Some(arguments))
    }

    /// A header line ends at its first CR; the byte after it is skipped unseen.
    fn header(&mut self, too_big: ProtocolError) -> Result<Option<usize>, ProtocolError> {
        let end = self.received.line_end(b'\r', too_big)?;
        Ok(end.filter(|end| end + 1 < self.received.bytes().len()))
    }

    /// N of `*N`; 0 also for negative ones.
    fn count_line(&mut self) -> Result<Option<usize>, ProtocolError> {
        let Some(end) = self.header(ProtocolError::CountLineTooBig)? else {
            return Ok(None);
        };
        let count = self.received.bytes().get(1..end).and_then(parse_integer);
        let count = match count {
            Some(count) if count <= 0 => 0,
            Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
            None => return Err(ProtocolError::InvalidCount),
        };
        if count > limits::ARGUMENTS {
            return Err(ProtocolError::InvalidCount);
        }
        self.received.consume(end + 2);
        Ok(Some(count))
    }

    /// N of `$N`, at most `room`.
    fn length_line(&mut self, room: usize) -> Result<Option<usize>, ProtocolError> {
        let Some(end) = self.header(ProtocolError::LengthLineTooBig)? else {
            return Ok(None);
        };
        let length = match self.received.bytes().get(..end) {
            Some([b'$', digits @ ..]) => parse_integer(digits),
            _ => {
                let first = self.received.bytes().first().copied().unwrap_or_default();
                return Err(ProtocolError::ExpectedBulk(first));
            }
        };
        let length = length
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| *length <= limits::ARGUMENT.min(room))
            .ok_or(ProtocolError::InvalidLength)?;
        self.received.consume(end + 2);
        Ok(Some(length))
    }

    /// Goes on with the array that has begun; gives it back once it is complete.
    fn bulk_strings(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        while let Some(array) = &self.array {
            let length = match array.bulk_length {
                Some(length) => length,
                None => match self.length_line(array.room)? {
                    Some(length) => length,
                    None => return Ok(None),
                },
            };
            let payload = self.received.take_payload(length)?;
            let Some(array) = &mut self.array else { break };
            array.bulk_length = Some(length);
            let Some(payload) = payload else {
                return Ok(None);
            };
            array.arguments.push(payload);
            array.room -= length;
            array.bulk_length = None;
            array.missing -= 1;
            if array.missing == 0 {
                return Ok(self.array.take().map(|array| array.arguments));
            }
        }
        Ok(None)
    }
}
