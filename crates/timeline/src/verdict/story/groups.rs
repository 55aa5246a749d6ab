//! Requests that met the same: one clause names all of them.

use crate::verdict::{Behind, Blocker, Judged, Verdict};

/// At most this many groups are named.
pub(crate) const GROUPS: usize = 4;

/// What requests have in common.
pub(crate) trait Common {
    fn is_same(&self, other: &Self) -> bool;
}

impl Common for Blocker {
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Common for Behind {
    fn is_same(&self, other: &Self) -> bool {
        self.blocker == other.blocker
    }
}

/// What several requests met, whether there was more than is named, and their ids.
pub(crate) type Groups<'a, T> = Vec<(&'a [T], bool, Vec<&'a str>)>;

/// Requests that met the same, in order, and how many are in no group.
pub(crate) fn groups<'a, T: Common>(
    verdict: &'a Verdict,
    of: impl Fn(&'a Judged) -> (&'a [T], bool),
) -> (Groups<'a, T>, usize) {
    let mut groups: Groups<'a, T> = Vec::new();
    let mut left_out = 0;
    for judged in &verdict.requests {
        let is_room = groups.len() < GROUPS;
        let (met, more) = of(judged);
        let is_same = |key: &[T]| {
            key.len() == met.len()
                && key.iter().zip(met).all(|(one, two)| one.is_same(two))
        };
        let mut same = groups.iter_mut();
        match same.find(|(key, also, _)| more == *also && is_same(key)) {
            _ if met.is_empty() => {}
            Some((_, _, ids)) => ids.push(&judged.id),
            None if is_room => groups.push((met, more, vec![&judged.id])),
            None => left_out += 1,
        }
    }
    (groups, left_out)
}
