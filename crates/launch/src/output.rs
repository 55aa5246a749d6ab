//! The lines that a server has printed: all that a class can make, up to a bound.

use std::{collections::VecDeque, fmt};

/// Lines kept of one stream; older ones are dropped and counted.
const LINES: usize = 100_000;
/// Bytes kept of one stream.
const BYTES: usize = 16 * 1024 * 1024;
/// A longer line is kept in pieces of this many bytes.
const LINE: usize = 64 * 1024;

/// Where a line was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A line that a server printed, without its end; invalid UTF-8 stands as `�`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputLine {
    /// Where it was printed.
    pub stream: Stream,
    /// What was printed.
    pub text: String,
    /// Whether the line goes on in the next one of its stream: it was too long for one.
    pub goes_on: bool,
}

impl fmt::Display for OutputLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// How far somebody has read one stream of a server; at first, not at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark {
    next: u64,
}

/// A line of one stream.
#[derive(Debug)]
pub(crate) struct KeptLine {
    /// Its place in the order of arrival.
    pub(crate) place: u64,
    pub(crate) text: String,
    pub(crate) goes_on: bool,
}

/// The newest lines of one stream.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) lines: VecDeque<KeptLine>,
    /// How many lines were dropped because newer ones needed the room.
    pub(crate) dropped: u64,
    /// Whether no more can come.
    pub(crate) is_closed: bool,
    bytes: usize,
    unfinished: Vec<u8>,
}

impl Kept {
    /// Takes in bytes as they came; `place` counts the lines of both streams.
    pub(crate) fn feed(&mut self, bytes: &[u8], place: &mut u64) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.unfinished.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.unfinished.len() >= LINE {
                self.finish_line(place);
            }
        }
    }

    /// The lines after the mark, which moves behind them.
    pub(crate) fn since(&self, mark: &mut Mark) -> Vec<String> {
        let first = self.lines.partition_point(|line| line.place < mark.next);
        let new = self.lines.range(first..);
        mark.next = self.lines.back().map_or(mark.next, |line| line.place + 1);
        new.map(|line| line.text.clone()).collect()
    }

    /// Keeps what stands after the last end of a line, once no more can come.
    pub(crate) fn close(&mut self, place: &mut u64) {
        if !self.unfinished.is_empty() {
            self.finish_line(place);
        }
        self.is_closed = true;
    }

    fn finish_line(&mut self, place: &mut u64) {
        let whole = self.unfinished.strip_suffix(b"\n");
        let goes_on = whole.is_none() && self.unfinished.len() >= LINE;
        let line = whole.unwrap_or(&self.unfinished);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = String::from_utf8_lossy(line).into_owned();
        self.unfinished.clear();
        self.bytes += text.len();
        self.lines.push_back(KeptLine {
            place: *place,
            text,
            goes_on,
        });
        *place += 1;
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some(oldest) = self.lines.pop_front() else {
                break;
            };
            self.bytes -= oldest.text.len();
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Kept, LINE, LINES, Mark};

    fn texts(kept: &Kept) -> Vec<&str> {
        kept.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn lines_are_whole_whatever_pieces_they_come_in() {
        let mut kept = Kept::default();
        let mut place = 0;
        for byte in b"one\r\n\ntwo\nthr" {
            kept.feed(&[*byte], &mut place);
        }
        assert_eq!(texts(&kept), ["one", "", "two"]);
        kept.close(&mut place);
        assert_eq!(texts(&kept), ["one", "", "two", "thr"]);
        assert!(!kept.lines.iter().any(|line| line.goes_on));
    }

    #[test]
    fn a_reader_gets_each_line_once_though_old_ones_are_dropped() {
        let (mut kept, mut place, mut mark) = (Kept::default(), 0, Mark::default());
        kept.feed(b"one\ntwo\nthr", &mut place);
        assert_eq!(kept.since(&mut mark), ["one", "two"]);
        assert!(kept.since(&mut mark).is_empty());
        place += 7; // lines of the other stream
        kept.feed(b"ee\n", &mut place);
        assert_eq!(kept.since(&mut mark), ["three"]);
        for number in 0..LINES + 5 {
            kept.feed(format!("{number}\n").as_bytes(), &mut place);
        }
        let new = kept.since(&mut mark);
        assert_eq!((new.len(), new[0].as_str()), (LINES, "5"));
        assert!(kept.since(&mut mark).is_empty());
    }

    #[test]
    fn the_oldest_lines_make_room_and_are_counted() {
        let mut kept = Kept::default();
        let mut place = 0;
        for number in 0..LINES + 5 {
            kept.feed(format!("{number}\n").as_bytes(), &mut place);
        }
        assert_eq!((kept.lines.len(), kept.dropped), (LINES, 5));
        let first = kept.lines.front().unwrap();
        assert_eq!((first.place, first.text.as_str()), (5, "5"));
    }

    #[test]
    fn a_stream_without_line_ends_takes_bounded_memory() {
        let mut kept = Kept::default();
        let mut place = 0;
        let chunk = vec![b'x'; LINE];
        for _ in 0..2 * BYTES / LINE {
            kept.feed(&chunk, &mut place);
        }
        let bytes: usize = texts(&kept).iter().map(|text| text.len()).sum();
        assert_eq!(bytes, BYTES);
        assert!(kept.lines.iter().all(|line| line.goes_on));
        assert!(kept.unfinished.len() < LINE);
    }
}
