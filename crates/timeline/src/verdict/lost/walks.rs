//! Updates as steps from number to number: how many walks it takes to go along all of
//! them.
//!
//! If no update is lost, all steps of a counter can be walked in one go, each beginning
//! where another one ended. A second walk must begin at a number that two updates have
//! read.

use std::collections::{HashMap, HashSet};

/// How many walks more than one are needed for all steps, summed over the parts of the
/// counter that no step connects: between those, somebody else has written. Somebody else
/// has also written every number but one that a part's steps read and none of them wrote.
pub(crate) fn more_than_one(steps: &[(i128, i128)]) -> usize {
    let mut places: HashMap<i128, usize> = HashMap::new();
    let mut parts: Vec<usize> = Vec::new();
    let mut starts: Vec<i64> = Vec::new();
    for number in steps.iter().flat_map(|(from, to)| [*from, *to]) {
        places.entry(number).or_insert_with(|| {
            parts.push(parts.len());
            starts.push(0);
            parts.len() - 1
        });
    }
    let place = |number: &i128| places.get(number).copied().unwrap_or_default();
    for (from, to) in steps {
        for (place, change) in [(place(from), 1), (place(to), -1)] {
            if let Some(starts) = starts.get_mut(place) {
                *starts += change;
            }
        }
        let (one, other) = (root(&mut parts, place(from)), root(&mut parts, place(to)));
        if let Some(part) = parts.get_mut(one) {
            *part = other;
        }
    }
    let mut begun: HashMap<usize, usize> = HashMap::new();
    for (place, starts) in starts.iter().enumerate() {
        let begins = usize::try_from(*starts).unwrap_or(0);
        *begun.entry(root(&mut parts, place)).or_default() += begins;
    }
    let mut unwritten: HashMap<usize, usize> = HashMap::new();
    for number in unwritten_numbers(steps) {
        *unwritten
            .entry(root(&mut parts, place(&number)))
            .or_default() += 1;
    }
    let more = begun.iter().map(|(part, walks)| {
        let others = unwritten.get(part).copied().unwrap_or(0).max(1);
        walks.saturating_sub(others)
    });
    more.sum()
}

/// The numbers that some step has read and none has written: at the start, and by others.
pub(crate) fn unwritten_numbers(steps: &[(i128, i128)]) -> HashSet<i128> {
    let written: HashSet<i128> = steps.iter().map(|(_, to)| *to).collect();
    let read = steps.iter().map(|(from, _)| *from);
    read.filter(|number| !written.contains(number)).collect()
}

/// The part that a place belongs to; the way to it is made short.
fn root(parts: &mut [usize], mut place: usize) -> usize {
    while let Some(next) = parts.get(place).copied().filter(|next| *next != place) {
        let after = parts.get(next).copied().unwrap_or(next);
        if let Some(part) = parts.get_mut(place) {
            *part = after;
        }
        place = next;
    }
    place
}
