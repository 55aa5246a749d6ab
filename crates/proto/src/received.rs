//! Bytes that a client has sent and that no request has yet, and the pieces of a frame
//! that are taken out of them: a line up to its end, a payload of a known length.

use std::{
    io::{self, ErrorKind, Read},
    mem,
};

use crate::{ProtocolError, limits};

/// How much the first read asks for, and the largest: ten thousand clients that ask
/// little must not cost a large buffer each, and a large request not a thousand reads.
const SMALLEST_READ: usize = 1024;
const LARGEST_READ: usize = 64 * 1024;
/// From this many bytes on, an argument keeps the memory that it was read into.
const LARGE: usize = 16 * 1024;

/// The buffer of one decoder.
#[derive(Debug, Default)]
pub(crate) struct Received {
    buffer: Vec<u8>,
    /// Where the bytes that belong to no argument yet start.
    start: usize,
    next_read: usize,
    /// How many bytes from `start` are known to hold no end of a line.
    scanned: usize,
}

impl Received {
    /// Takes in bytes as they arrived.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.make_room();
        self.buffer.extend_from_slice(bytes);
    }

    /// Reads once; see [`RequestDecoder::read_from`](crate::RequestDecoder::read_from).
    pub(crate) fn read_from(&mut self, source: &mut dyn Read) -> io::Result<usize> {
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

    /// Bytes of memory that it holds.
    pub(crate) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// The bytes that were not taken out yet.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Takes out the first bytes.
    pub(crate) fn consume(&mut self, count: usize) {
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

    /// Where the first line ends, if its end is there. A line that is longer than
    /// [`limits::LINE`] is the error `too_big`.
    pub(crate) fn line_end(
        &mut self,
        end: u8,
        too_big: ProtocolError,
    ) -> Result<Option<usize>, ProtocolError> {
        let unseen = self.bytes().get(self.scanned..).unwrap_or_default();
        let found = unseen.iter().position(|byte| *byte == end);
        self.scanned += found.unwrap_or(unseen.len());
        if self.scanned > limits::LINE {
            return Err(too_big);
        }
        Ok(found.map(|_| self.scanned))
    }

    /// Takes out the payload that is next, once it is whole; the two bytes after it are
    /// skipped unseen.
    pub(crate) fn take_payload(
        &mut self,
        length: usize,
    ) -> Result<Option<Vec<u8>>, ProtocolError> {
        let Some(after) = self.bytes().get(length + 2..) else {
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
        let payload = copy(self.bytes().get(..length).unwrap_or_default())?;
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
