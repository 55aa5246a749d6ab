//! Lost updates: counters that were read by two requests before either wrote.
//!
//! An update that adds d and is answered n has read n − d: it is a step from n − d to n.

use std::collections::HashMap;

use super::{
    updates::{Writes, is_refused, update},
    walks,
};
use crate::record::{Request, ServerRun};

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
    pub(super) fn of(server: &ServerRun) -> Option<Self> {
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
            let is_first = lost > 0 && all.lost == 0;
            if is_first || (all.lost == 0 && proof == Proof::NoneSeen) {
                all.proof = proof;
                let name = || String::from_utf8_lossy(&name).into_owned();
                all.counter = are_several.then(name);
            }
            all.updates += counter.steps.len();
            all.lost += lost;
            all.is_exact &= counter.is_exact();
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

/// The updates of one counter.
#[derive(Default)]
struct Counter<'a> {
    /// What each answered update has read, and what it was answered.
    steps: Vec<(i128, i128)>,
    /// Their ids, and the names of their clients.
    ids: Vec<(&'a str, &'a str)>,
    /// What those add that were sent and not answered with a number: each may be a step.
    unknown: Vec<i64>,
    /// Whether requests of another kind may have written it.
    has_others: bool,
}

impl<'a> Counter<'a> {
    fn note(&mut self, amount: i64, request: &'a Request, client: &'a str) {
        let number = request
            .reply
            .as_deref()
            .and_then(|one| one.strip_prefix(':'));
        match number.and_then(|number| number.parse::<i64>().ok()) {
            Some(after) => {
                let after = i128::from(after);
                self.steps.push((after - i128::from(amount), after));
                self.ids.push((&request.id, client));
            }
            None if request.sent_us.is_some() && !is_refused(request) => {
                self.unknown.push(amount);
            }
            None => {}
        }
    }

    /// How many are lost at the least, and why.
    fn lost(&self) -> (usize, Proof) {
        if self.has_others {
            return (0, Proof::NoneSeen);
        }
        if !self.goes_one_way() {
            let lost =
                walks::more_than_one(&self.steps).saturating_sub(self.unknown.len());
            let proof = if lost > 0 {
                Proof::NoOrder
            } else {
                Proof::NoneSeen
            };
            return (lost, proof);
        }
        // A counter that goes one way has no number twice.
        let (replies, reply) = self.repeated(|(_, to)| *to);
        let (starts, start) = self.repeated(|(from, _)| *from);
        let proof = match (reply, start) {
            (Some((ids, number)), _) => Proof::SameReply(ids, number),
            (None, Some((ids, number))) => Proof::SameStart(ids, number),
            (None, None) if !self.unknown.is_empty() => Proof::NoneSeen,
            (None, None) => match walks::unwritten_numbers(&self.steps).len() {
                0 | 1 => Proof::AllKept,
                _ => Proof::NoneSeen,
            },
        };
        (replies.max(starts), proof)
    }

    /// Whether the number of its replies that come again is the number of lost updates:
    /// all of them added the same, and each was answered.
    fn is_exact(&self) -> bool {
        let mut amounts = self.steps.iter().map(|(from, to)| to - from);
        let first = amounts.next();
        !self.has_others
            && self.unknown.is_empty()
            && amounts.all(|amount| Some(amount) == first)
    }

    fn goes_one_way(&self) -> bool {
        let goes = |sign: i128| {
            let steps = self.steps.iter().map(|(from, to)| to - from);
            let unknown = self.unknown.iter().map(|amount| i128::from(*amount));
            steps.chain(unknown).all(|amount| amount * sign > 0)
        };
        goes(1) || goes(-1)
    }

    /// How often a number comes again, and two requests that have one in common: of two
    /// clients, where there are such.
    fn repeated(
        &self,
        number: impl Fn(&(i128, i128)) -> i128,
    ) -> (usize, Option<([String; 2], i128)>) {
        let mut first: HashMap<i128, (&str, &str)> = HashMap::new();
        let mut count = 0;
        let (mut of_two, mut of_one) = (None, None);
        for (step, id) in self.steps.iter().zip(&self.ids) {
            let number = number(step);
            let before = *first.entry(number).or_insert(*id);
            if before.0 == id.0 {
                continue;
            }
            count += 1;
            let pair = if before.1 == id.1 {
                &mut of_one
            } else {
                &mut of_two
            };
            pair.get_or_insert_with(|| ([before.0.to_owned(), id.0.to_owned()], number));
        }
        (count, of_two.or(of_one))
    }
}

/// What the replies prove, in a sentence.
pub(super) fn sentence(server: &str, lost: &Lost) -> String {
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
