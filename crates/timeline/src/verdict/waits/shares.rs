//! Which of the requests that one waited for are named, and in which order.

use crate::verdict::held::{Held, Holder};

/// How many are named for one wait, at most.
pub(crate) const NAMED: usize = 6;

/// A share of less than this part of the largest is left out.
const SMALL: u64 = 10;

pub(crate) fn without_small(mut found: Vec<(Held, u64)>) -> Vec<(Held, u64)> {
    let largest = found.iter().map(|(_, share)| *share).max().unwrap_or(0);
    found.retain(|(_, share)| share * SMALL >= largest);
    found
}

/// Services that began within this time are named in the order in which their clients
/// came: 100 ms.
const TOGETHER_US: u64 = 100_000;

/// The largest shares, in the order in which their services began.
pub(crate) fn named(mut found: Vec<(Held, u64)>) -> (Vec<(Holder, u64)>, bool) {
    found.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
    let more = found.len() > NAMED;
    found.truncate(NAMED);
    found.sort_by_key(|(held, _)| (held.from / TOGETHER_US, held.came, held.holder));
    let shares = found.into_iter().map(|(held, share)| (held.holder, share));
    (shares.collect(), more)
}
