//! How much of a stretch of time is covered by spans, which are added in the order of
//! their ends. Both adding and asking take logarithmic time.

use crate::verdict::held::Held;

/// The union of the spans that were added: disjoint, in order.
#[derive(Debug, Default)]
pub(crate) struct Covered {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    from: u64,
    to: u64,
    /// The length of all pieces before it.
    before: u64,
}

impl Covered {
    /// Adds a span that ends at the end of the last one, or later.
    pub(crate) fn add(&mut self, from: u64, to: u64) {
        let mut from = from.min(to);
        while let Some(last) = self.pieces.last()
            && last.to >= from
        {
            from = from.min(last.from);
            self.pieces.pop();
        }
        let before = self.total();
        self.pieces.push(Piece { from, to, before });
    }

    /// Adds those that had ended by this moment, and takes them from `held`.
    pub(crate) fn add_ended<'a>(
        &mut self,
        held: &mut (impl Iterator<Item = &'a Held> + Clone),
        limit: u64,
    ) {
        let mut ahead = held.clone();
        while let Some(one) = ahead.next().filter(|one| one.to <= limit) {
            self.add(one.from, one.to);
            *held = ahead.clone();
        }
    }

    /// How much of the time between two moments is covered.
    pub(crate) fn between(&self, from: u64, to: u64) -> u64 {
        if to <= from {
            return 0;
        }
        self.since(from) - self.since(to)
    }

    fn total(&self) -> u64 {
        let last = self.pieces.last();
        last.map_or(0, |last| last.before + (last.to - last.from))
    }

    fn since(&self, moment: u64) -> u64 {
        let index = self.pieces.partition_point(|piece| piece.to <= moment);
        self.pieces.get(index).map_or(0, |piece| {
            let left_out = moment.saturating_sub(piece.from);
            self.total() - piece.before - left_out
        })
    }
}
