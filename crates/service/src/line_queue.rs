//! Lines that wait for their reader: a queue of limited length.

use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
};

/// Bytes of lines that wait for their reader; the next lines are lost.
const ROOM: usize = 1024 * 1024;
/// Bytes of memory that an empty queue keeps.
const KEPT: usize = 64 * 1024;

/// The queue of one output; its owner has the print lock.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) lines: VecDeque<u8>,
    /// Bytes that ever came into the queue, and that ever left it.
    pub(crate) entered: u64,
    pub(crate) left: u64,
    /// Bytes that were written of a line whose rest was not.
    pub(crate) part: u64,
    /// What was written ends in the middle of a line.
    pub(crate) unended: bool,
    /// The reader did not keep up, and has not read all of it since.
    pub(crate) behind: bool,
    pub(crate) has_writer: bool,
    /// How many wait until their lines have left it, or until there is room.
    pub(crate) waiting: usize,
    pub(crate) lost: u64,
}

impl Queue {
    pub(crate) fn is_full(&self, more: usize) -> bool {
        !self.lines.is_empty() && self.lines.len() + more > ROOM
    }

    /// Takes lines in, if there is room for them.
    pub(crate) fn enter(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_full(lines.len()) {
            self.lost += count((lines, &[]));
            return Err(ErrorKind::WouldBlock.into());
        }
        let cut_off = self.lines.is_empty() && self.unended;
        let end: &[u8] = if cut_off { b"\n" } else { b"" };
        for bytes in [end, lines] {
            self.lines.extend(bytes);
            self.entered += bytes.len() as u64;
        }
        Ok(())
    }

    /// Lets go what was written, which is of the queue's first slice.
    pub(crate) fn leave(&mut self, written: usize) {
        let bytes = self.lines.as_slices().0.get(..written).unwrap_or_default();
        let ended = bytes.iter().rposition(|byte| *byte == b'\n');
        self.part = match ended {
            Some(end) => (written - 1 - end) as u64,
            None => self.part + written as u64,
        };
        self.unended = self.part > 0 || (self.unended && ended.is_none());
        self.lines.drain(..written);
        self.left += written as u64;
        if self.lines.is_empty() {
            self.behind = false;
            self.lines.shrink_to(KEPT);
        }
    }
}

/// How many lines these are.
pub(crate) fn count((one, other): (&[u8], &[u8])) -> u64 {
    let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    (lines(one) + lines(other)) as u64
}
