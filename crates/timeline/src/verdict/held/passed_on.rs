//! Places that are passed on: the one that somebody leaves goes to the client that has
//! waited longest. So a client without a reply surely has a place once others, who came
//! before it, have theirs.

use std::collections::BTreeSet;

use super::{Held, known_starts};
use crate::{record::Late, verdict::tolerance};

/// Notes by when connections surely held a place, in the order of their ends. One that
/// surely held a place leaves it, and nobody is served in it then. So the first that came
/// has one now, among the connections without a reply that are there.
pub(crate) fn note(ended: &mut [Held], late: &[Late]) {
    let starts = known_starts(ended);
    let unsure = ended.iter().enumerate().filter(|(_, one)| !one.is_known());
    let mut waiting: BTreeSet<(u64, usize)> =
        unsure.map(|(index, one)| (one.came, index)).collect();
    for index in 0..ended.len() {
        let Some(left) = ended.get(index).filter(|one| one.is_sure()).copied() else {
            continue;
        };
        let same = tolerance::same_between(late, left.to, left.to);
        if tolerance::is_among(&starts, left.to, same) {
            continue;
        }
        while let Some(first) = waiting.first().copied() {
            let stays = ended.get_mut(first.1).filter(|one| one.to > left.to + same);
            if stays.as_ref().is_some_and(|one| one.came + same >= left.to) {
                break;
            }
            waiting.remove(&first);
            if let Some(next) = stays {
                next.let_in_by = next.let_in_by.min(left.to);
                break;
            }
        }
    }
}
