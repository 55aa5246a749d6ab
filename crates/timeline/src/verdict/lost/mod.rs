//! Lost updates: counters that were read by two requests before either wrote.
//!
//! An update that adds d and is answered n has read n − d: it is a step from n − d to n.
//!
//! `updates.rs` reads what a request writes, `walks.rs` puts it in order, and
//! `counter.rs` counts what is lost.

mod counter;
mod updates;
mod walks;

use std::collections::HashMap;

use crate::record::ServerRun;
use counter::Counter;
use updates::{Writes, read, update};

/// What the replies to INCR and INCRBY prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How many updates were answered.
    pub updates: usize,
    /// How many of them are lost, at the least.
    pub lost: usize,
    /// Whether no more than these can be lost.
    pub is_exact: bool,
    /// What proves it.
    pub proof: Proof,
    /// The counter that the proof is about, if there are several.
    pub counter: Option<String>,
}

/// Why updates are known to be lost, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The replies fit one order alone, and in it every update has read the one before.
    AllKept,
    /// The replies fit an order in which none is lost, but not that one alone.
    NoneSeen,
    /// These two requests, of a counter that goes one way, were answered the same number.
    SameReply([String; 2], i128),
    /// These two requests, of a counter that goes one way, have added to the same number.
    SameStart([String; 2], i128),
    /// The replies fit no order in which every update has read the one before.
    NoOrder,
}

impl Lost {
    /// `None` if nobody counted.
    pub(crate) fn of(server: &ServerRun) -> Option<Self> {
        let counters = counters(server);
        if counters.is_empty() {
            return None;
        }
        let mut all = Self {
            updates: 0,
            lost: 0,
            is_exact: true,
            proof: Proof::AllKept,
            counter: None,
        };
        let are_several = counters.len() > 1;
        for (name, counter) in counters {
            let (lost, proof) = counter.lost();
            let is_exact = proof == Proof::AllKept || counter.is_exact();
            let is_first = lost > 0 && all.lost == 0;
            if is_first || (all.lost == 0 && proof == Proof::NoneSeen) {
                all.proof = proof;
                let name = || String::from_utf8_lossy(&name).into_owned();
                all.counter = are_several.then(name);
            }
            all.updates += counter.steps.len();
            all.lost += lost;
            all.is_exact &= is_exact;
        }
        (all.updates > 0).then_some(all)
    }
}

/// The counters that somebody updated, by name.
fn counters(server: &ServerRun) -> Vec<(Vec<u8>, Counter<'_>)> {
    let mut counters: HashMap<Vec<u8>, Counter<'_>> = HashMap::new();
    for (connection, request) in server.requests() {
        if let Some((name, amount)) = update(request) {
            let counter = counters.entry(name).or_default();
            counter.note(amount, request, &connection.client);
        }
    }
    for (_, request) in server.requests() {
        if let Some((name, number)) = read(request) {
            counters
                .entry(name)
                .and_modify(|one| one.note_read(request, number));
        }
        match Writes::of(request) {
            Writes::Nothing => {}
            Writes::AnyOf(names) => names.iter().for_each(|name| {
                counters
                    .entry(name.clone())
                    .and_modify(|one| one.has_others = true);
            }),
            Writes::Anything => {
                counters.values_mut().for_each(|one| one.has_others = true);
            }
        }
    }
    let mut counters: Vec<_> = counters.into_iter().collect();
    counters.sort_by(|(one, _), (other, _)| one.cmp(other));
    counters
}

/// What the replies prove, in a sentence.
pub(crate) fn sentence(server: &str, lost: &Lost) -> String {
    let updates = match lost.updates {
        1 => "1 update".to_owned(),
        some => format!("{some} updates"),
    };
    let least = if lost.is_exact { "" } else { "at least " };
    let were = match lost.lost {
        1 => format!("{least}1 was lost"),
        some => format!("{least}{some} were lost"),
    };
    let of_two = if lost.lost > 1 { "for example, " } else { "" };
    let of = lost.counter.as_ref();
    let of = of.map_or_else(String::new, |counter| format!(" of {counter}"));
    let result = match &lost.proof {
        Proof::AllKept => "none was lost".to_owned(),
        Proof::NoneSeen => "the replies show no loss".to_owned(),
        Proof::SameReply([one, other], number) => {
            format!("{were}: {of_two}{one} and {other} both got {number}{of}")
        }
        Proof::SameStart([one, other], number) => {
            format!("{were}: {of_two}{one} and {other} both added to {number}{of}")
        }
        Proof::NoOrder => format!("{were}: the replies fit no order of the updates{of}"),
    };
    format!("{server} answered {updates}; {result}.")
}
