//! Where a request waited, and what a server had, in sentences.

use super::{counts::Counts, seconds};
use crate::{
    record::{Observed, Request},
    whereabouts::{self, Stay, Whereabouts},
};

/// Where a request was while it waited, and for how long; nothing where it hardly waited.
pub(super) fn sentence(request: &Request, stays: &[Stay]) -> Option<String> {
    let phrases: Vec<String> = whereabouts::worth_saying(stays)
        .into_iter()
        .map(|(at, total)| format!("{} for {} s", at.phrase(), seconds(total)))
        .collect();
    let who = &request.id;
    match phrases.as_slice() {
        [] => None,
        [one] => Some(format!("{who} was {one}.")),
        [most @ .., last] => Some(format!("{who} was {}, and {last}.", most.join(", "))),
    }
}

/// The place of a request in a word, as a table has it.
pub(super) fn word(stays: &[Stay]) -> String {
    let place = whereabouts::mostly(stays);
    place.map(Whereabouts::word).unwrap_or_default().to_owned()
}

/// What a server had at most, and what could not be seen of it.
pub(super) fn of_server(name: &str, observed: &Observed) -> Vec<String> {
    let most = Counts::of(observed).most();
    let mut lines = Vec::new();
    if !most.is_empty() {
        lines.push(format!("{name}: at most seen at once: {most}."));
    }
    for missing in &observed.missing {
        lines.push(format!(
            "{name}: some things could not be observed: {missing}."
        ));
    }
    lines
}
