//! Who held a place for the largest shares of a wait: a tree over the ends of what was
//! held, so that a wait looks at those few alone.

use std::{cmp::Ordering, collections::BinaryHeap, ops::Range};

use crate::verdict::held::{Held, Holder};

/// What was held, in the order of its ends, with a tree over it.
#[derive(Debug)]
pub(crate) struct Longest<'a> {
    held: &'a [Held],
    /// The leaves of the tree stand from here on; a power of two.
    width: usize,
    nodes: Vec<Node>,
}

/// What is known of a range of ends.
#[derive(Clone, Copy, Debug)]
struct Node {
    longest: u64,
    first: u64,
    last: u64,
    first_came: u64,
    earliest_end: u64,
}

const EMPTY: Node = Node {
    longest: 0,
    first: u64::MAX,
    last: 0,
    first_came: u64::MAX,
    earliest_end: u64::MAX,
};

/// A node that may hold a large share, or a leaf that does.
#[derive(PartialEq, Eq)]
struct Candidate {
    share: u64,
    /// `None` for an inner node.
    leaf: Option<usize>,
    node: usize,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |one: &Self| (one.share, one.leaf.is_some());
        // Of equal nodes the deeper comes first: it leads to a leaf soonest.
        key(self).cmp(&key(other)).then(self.node.cmp(&other.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Longest<'a> {
    /// `held` stands in the order of its ends.
    pub(crate) fn of(held: &'a [Held]) -> Self {
        let width = held.len().next_power_of_two();
        let mut nodes = vec![EMPTY; width];
        nodes.extend(held.iter().map(|one| Node {
            longest: one.to - one.from,
            first: one.from,
            last: one.to,
            first_came: one.came,
            earliest_end: one.earliest_end,
        }));
        nodes.resize(2 * width, EMPTY);
        for index in (1..width).rev() {
            if let (Some(left), Some(right)) = (
                nodes.get(2 * index).copied(),
                nodes.get(2 * index + 1).copied(),
            ) && let Some(node) = nodes.get_mut(index)
            {
                *node = Node {
                    longest: left.longest.max(right.longest),
                    first: left.first.min(right.first),
                    last: left.last.max(right.last),
                    first_came: left.first_came.min(right.first_came),
                    earliest_end: left.earliest_end.min(right.earliest_end),
                };
            }
        }
        Self { held, width, nodes }
    }

    /// All of them, in the order of their ends.
    pub(crate) fn all(&self) -> &'a [Held] {
        self.held
    }

    /// Those whose end lies after the first moment and not after the second.
    pub(crate) fn ended(&self, after: u64, until: u64) -> Range<usize> {
        let start = self.held.partition_point(|one| one.to <= after);
        let end = self.held.partition_point(|one| one.to <= until);
        start..end.max(start)
    }

    /// The one of this holder, which ended at this moment.
    pub(crate) fn with(&self, holder: Holder, to: u64) -> Option<&'a Held> {
        let then = self.held.get(self.ended(to.saturating_sub(1), to))?;
        then.iter().find(|one| one.holder == holder)
    }

    /// The `most` that held a place for the longest between `from` and `to`.
    pub(crate) fn shares(
        &self,
        range: Range<usize>,
        from: u64,
        to: u64,
        most: usize,
    ) -> Vec<(Held, u64)> {
        let mut found = Vec::new();
        let mut heap = BinaryHeap::new();
        for node in self.nodes_of(range) {
            self.push(&mut heap, node, from, to);
        }
        while let Some(best) = heap.pop() {
            if best.share == 0 || found.len() == most {
                break;
            }
            match best.leaf.and_then(|leaf| self.held.get(leaf)) {
                Some(held) => found.push((*held, best.share)),
                None => {
                    self.push(&mut heap, 2 * best.node, from, to);
                    self.push(&mut heap, 2 * best.node + 1, from, to);
                }
            }
        }
        found
    }

    /// Whether one of a range, but this one, came by the first moment, can have ended by
    /// the second, and held its place for `least`.
    pub(crate) fn has(
        &self,
        range: Range<usize>,
        but: Holder,
        (came_by, ended_by): (u64, u64),
        least: u64,
    ) -> bool {
        let mut nodes = self.nodes_of(range);
        while let Some(node) = nodes.pop() {
            let fits = self.nodes.get(node).is_some_and(|known| {
                known.first_came <= came_by
                    && known.earliest_end <= ended_by
                    && known.longest >= least
            });
            if fits && let Some(leaf) = node.checked_sub(self.width) {
                if self.held.get(leaf).is_some_and(|one| one.holder != but) {
                    return true;
                }
            } else if fits {
                nodes.extend([2 * node, 2 * node + 1]);
            }
        }
        false
    }

    fn push(&self, heap: &mut BinaryHeap<Candidate>, node: usize, from: u64, to: u64) {
        let Some(known) = self.nodes.get(node) else {
            return;
        };
        let leaf = node.checked_sub(self.width);
        let share = match leaf.and_then(|leaf| self.held.get(leaf)) {
            Some(held) => held.between(from, to),
            None => {
                let ends = known.last.min(to).saturating_sub(known.first.max(from));
                known.longest.min(ends)
            }
        };
        heap.push(Candidate { share, leaf, node });
    }

    /// The fewest nodes that stand for a range of leaves.
    fn nodes_of(&self, range: Range<usize>) -> Vec<usize> {
        let mut nodes = Vec::new();
        let (mut left, mut right) = (range.start + self.width, range.end + self.width);
        while left < right {
            if left % 2 == 1 {
                nodes.push(left);
                left += 1;
            }
            if right % 2 == 1 {
                right -= 1;
                nodes.push(right);
            }
            (left, right) = (left / 2, right / 2);
        }
        nodes
    }
}
