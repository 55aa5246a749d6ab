//! A long reply in pieces, for a server that must not wait until its client has read it
//! and must not hold it whole meanwhile.

use proto::{Reply, Rows, Version};

/// A piece is about this many bytes.
const PIECE: usize = 64 * 1024;
/// How many rows are made at once.
const PAGE: usize = 16;

/// The rows that are still to be appended.
#[derive(Debug)]
pub(crate) struct LongReply {
    rows: Rows,
    next: usize,
}

impl LongReply {
    /// Appends a reply up to the rows at its end; they are what is returned.
    pub(crate) fn begin(
        reply: &Reply,
        version: Version,
        replies: &mut Vec<u8>,
    ) -> Option<Self> {
        let header = |count: usize| format!("*{count}\r\n").into_bytes();
        match reply {
            Reply::Rows(rows) => {
                replies.extend(header(rows.len()));
                let rows = rows.clone();
                (!rows.is_empty()).then_some(Self { rows, next: 0 })
            }
            Reply::Array(items) if let Some((last, others)) = items.split_last() => {
                replies.extend(header(items.len()));
                others.iter().for_each(|item| item.encode(version, replies));
                Self::begin(last, version, replies)
            }
            other => {
                other.encode(version, replies);
                None
            }
        }
    }

    /// Appends the next piece. Returns whether something is left.
    pub(crate) fn go_on(&mut self, version: Version, replies: &mut Vec<u8>) -> bool {
        while replies.len() < PIECE && self.next < self.rows.len() {
            let page = self.rows.page(self.next..self.next + PAGE);
            page.iter().for_each(|row| row.encode(version, replies));
            self.next += PAGE;
        }
        self.next < self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_reply() {
        let row = |number: usize| Reply::text(&format!("{number} {}", "x".repeat(2_000)));
        for count in [0, 1, 16, 17, 100] {
            let rows = Rows::new(count, move |range| range.map(row).collect());
            let timed = Reply::Array(vec![Reply::Integer(7), Reply::Rows(rows.clone())]);
            for reply in [Reply::Rows(rows.clone()), timed, Reply::Array(Vec::new())] {
                let (mut whole, mut pieces) = (Vec::new(), Vec::new());
                reply.encode(Version::Resp2, &mut whole);
                let mut piece = Vec::new();
                let mut rest = LongReply::begin(&reply, Version::Resp2, &mut piece);
                pieces.append(&mut piece);
                while let Some(long) = &mut rest {
                    if !long.go_on(Version::Resp2, &mut piece) {
                        rest = None;
                    }
                    assert!(piece.len() < 2 * PIECE);
                    pieces.append(&mut piece);
                }
                assert!(pieces == whole, "{count}");
            }
        }
    }
}
