//! Bytes to requests, in pieces of any size: the framing rules of Redis 7, to the letter.

use std::{
    io::{self, ErrorKind, Read},
    mem,
};

use crate::{Arguments, ProtocolError, integer::parse_integer, limits, split_line};

/// How much the first read asks for, and the largest: ten thousand clients that ask
/// little must not cost a large buffer each, and a large request not a thousand reads.
const SMALLEST_READ: usize = 1024;
const LARGEST_READ: usize = 64 * 1024;
/// From this many bytes on, an argument keeps the memory that it was read into.
const LARGE: usize = 16 * 1024;

/// An incremental decoder of requests.
///
/// Feed it what arrives, then call [`next_request`](Self::next_request) until it has no
/// complete request left. Its dual on the client's side is
/// [`ReplyDecoder`](crate::ReplyDecoder).
#[derive(Debug, Default)]
pub struct RequestDecoder {
    buffer: Vec<u8>,
    /// Where the bytes that belong to no argument yet start.
    start: usize,
    next_read: usize,
    /// How many bytes from `start` are known to hold no end of a line.
    scanned: usize,
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
        self.make_room();
        self.buffer.extend_from_slice(bytes);
    }

    /// Reads once from `source`, and says how many bytes came; 0 is the end. Asks for 1
    /// KiB, and for more (64 KiB at most) as long as a peer fills what it was asked for.
    ///
    /// # Errors
    ///
    /// Those of `source`, and `OutOfMemory` where the system has no memory for more;
    /// nothing is lost then.
    pub fn read_from(&mut self, source: &mut dyn Read) -> io::Result<usize> {
        self.make_room();
        let end = self.buffer.len();
        let room = self.next_read.max(SMALLEST_READ);
        self.buffer
            .try_reserve_exact(room)
            .map_err(|_| io::Error::from(ErrorKind::OutOfMemory))?;
        self.buffer.resize(end + room, 0);
        let read = match self.buffer.get_mut(end..) {
            Some(room) => source.read(room),
            None => Ok(0),
        };
        let count = read.as_ref().map_or(0, |count| *count);
        self.buffer.truncate(end + count);
        self.next_read = if count == room {
            (2 * room).min(LARGEST_READ)
        } else {
            SMALLEST_READ
        };
        read
    }

    /// Whether a request has begun that is not complete.
    #[must_use]
    pub fn is_mid_request(&self) -> bool {
        self.array.is_some() || self.start < self.buffer.len()
    }

    /// Bytes of memory that it holds: what was received and not taken out yet, and room
    /// for more.
    #[must_use]
    pub fn held(&self) -> usize {
        let arguments = self.array.as_ref().map_or(0, |array| {
            let list = array.arguments.capacity() * size_of::<Vec<u8>>();
            limits::REQUEST - array.room + list
        });
        self.buffer.capacity() + arguments
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
            let frame = match (&self.array, self.pending().first()) {
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

    fn pending(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
        self.scanned = 0;
    }

    fn make_room(&mut self) {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.buffer.shrink_to(SMALLEST_READ);
            self.start = 0;
        } else if self.start > self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
    }

    /// Where the line that is pending ends, if its end is there.
    fn line_end(
        &mut self,
        end: u8,
        too_big: ProtocolError,
    ) -> Result<Option<usize>, ProtocolError> {
        let unseen = self.pending().get(self.scanned..).unwrap_or_default();
        let found = unseen.iter().position(|byte| *byte == end);
        self.scanned += found.unwrap_or(unseen.len());
        if self.scanned > limits::LINE {
            return Err(too_big);
        }
        Ok(found.map(|_| self.scanned))
    }

    fn inline(&mut self) -> Result<Option<Arguments>, ProtocolError> {
        let Some(end) = self.line_end(b'\n', ProtocolError::InlineTooBig)? else {
            return Ok(None);
        };
        let line = self.pending().get(..end).unwrap_or_default();
        let arguments = split_line(line.strip_suffix(b"\r").unwrap_or(line))?;
        if arguments.len() > limits::ARGUMENTS {
            return Err(ProtocolError::InvalidCount);
        }
        self.consume(end + 1);
        Ok(Some(arguments))
    }

    /// A header line ends at its first CR; the byte after it is skipped unseen.
    fn header(&mut self, too_big: ProtocolError) -> Result<Option<usize>, ProtocolError> {
        let end = self.line_end(b'\r', too_big)?;
        Ok(end.filter(|end| end + 1 < self.pending().len()))
    }

    /// N of `*N`; 0 also for negative ones.
    fn count_line(&mut self) -> Result<Option<usize>, ProtocolError> {
        let Some(end) = self.header(ProtocolError::CountLineTooBig)? else {
            return Ok(None);
        };
        let count = self.pending().get(1..end).and_then(parse_integer);
        let count = match count {
            Some(count) if count <= 0 => 0,
            Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
            None => return Err(ProtocolError::InvalidCount),
        };
        if count > limits::ARGUMENTS {
            return Err(ProtocolError::InvalidCount);
        }
        self.consume(end + 2);
        Ok(Some(count))
    }

    /// N of `$N`, at most `room`.
    fn length_line(&mut self, room: usize) -> Result<Option<usize>, ProtocolError> {
        let Some(end) = self.header(ProtocolError::LengthLineTooBig)? else {
            return Ok(None);
        };
        let length = match self.pending().get(..end) {
            Some([b'$', digits @ ..]) => parse_integer(digits),
            _ => {
                let first = self.pending().first().copied().unwrap_or_default();
                return Err(ProtocolError::ExpectedBulk(first));
            }
        };
        let length = length
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| *length <= limits::ARGUMENT.min(room))
            .ok_or(ProtocolError::InvalidLength)?;
        self.consume(end + 2);
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
            let payload = self.take_payload(length)?;
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

    /// The payload that is next, once it is whole; the two bytes after it are skipped
    /// unseen.
    fn take_payload(&mut self, length: usize) -> Result<Option<Vec<u8>>, ProtocolError> {
        let Some(after) = self.pending().get(length + 2..) else {
            return Ok(None);
        };
        // A large one is not copied: rather the little that came after it.
        if length >= LARGE && after.len() <= length {
            let after = copy(after)?;
            let mut payload = mem::replace(&mut self.buffer, after);
            payload.drain(..mem::take(&mut self.start));
            payload.truncate(length);
            payload.shrink_to_fit();
            self.scanned = 0;
            return Ok(Some(payload));
        }
        let payload = copy(self.pending().get(..length).unwrap_or_default())?;
        self.consume(length + 2);
        Ok(Some(payload))
    }
}

fn copy(bytes: &[u8]) -> Result<Vec<u8>, ProtocolError> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len())
        .map_err(|_| ProtocolError::OutOfMemory)?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}
