//! Lost updates: counters that were read by two clients before either wrote.
//!
//! An update that adds d and is answered n has read n − d: it is a step from n − d to n. If
//! no update is lost, all steps of a counter can be walked in one go, each beginning where
//! another one ended. A second walk must begin at a number that two updates have read.

use std::collections::HashMap;

use proto::Request as Typed;

use crate::record::{Request, ServerRun};

/// What the replies to INCR and INCRBY prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How many updates were answered.
    pub updates: usize,
    /// How many of them are lost, at the least: another one has read the same number.
    pub lost: usize,
}

impl Lost {
    /// `None` if nobody counted.
    pub(super) fn of(server: &ServerRun) -> Option<Self> {
        let mut counters: HashMap<Vec<u8>, Counter> = HashMap::new();
        for (_, request) in server.requests() {
            if let Some((name, amount)) = update(request) {
                counters.entry(name).or_default().note(amount, request);
            }
        }
        let updates = counters.values().map(|one| one.steps.len()).sum();
        let lost = counters.values().map(Counter::lost).sum();
        (updates > 0).then_some(Self { updates, lost })
    }
}

/// The updates of one counter.
#[derive(Default)]
struct Counter {
    /// What each answered update has read, and what it was answered.
    steps: Vec<(i128, i128)>,
    /// How many were sent and not answered with a number: each may be a step.
    unknown: usize,
}

impl Counter {
    fn note(&mut self, amount: i64, request: &Request) {
        let number = request
            .reply
            .as_deref()
            .and_then(|one| one.strip_prefix(':'));
        match number.and_then(|number| number.parse::<i64>().ok()) {
            Some(after) => {
                let after = i128::from(after);
                self.steps.push((after - i128::from(amount), after));
            }
            None if request.sent_us.is_some() && !is_refused(request) => {
                self.unknown += 1;
            }
            None => {}
        }
    }

    fn lost(&self) -> usize {
        let signs =
            |sign: i128| self.steps.iter().all(|(from, to)| (to - from) * sign > 0);
        if signs(1) || signs(-1) {
            // A counter that goes one way never has the same number twice.
            let mut numbers: Vec<i128> = self.steps.iter().map(|(_, to)| *to).collect();
            numbers.sort_unstable();
            numbers.dedup();
            return self.steps.len() - numbers.len();
        }
        walks(&self.steps).saturating_sub(self.unknown)
    }
}

/// How many walks more than one are needed for all steps, summed over the parts of the counter
/// that no step connects: between those, somebody else has written.
fn walks(steps: &[(i128, i128)]) -> usize {
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
    for (from, to) in steps {
        let place = |number| places.get(number).copied().unwrap_or_default();
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
    begun.values().map(|walks| walks.saturating_sub(1)).sum()
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

/// Which counter a request adds to, and how much.
fn update(request: &Request) -> Option<(Vec<u8>, i64)> {
    let arguments = proto::split_line(request.request.as_bytes()).ok()?;
    match Typed::parse(&arguments).ok()? {
        Typed::IncrBy { counter, amount } => Some((counter, amount)),
        _ => None,
    }
}

/// An error says that nothing was added.
fn is_refused(request: &Request) -> bool {
    request
        .reply
        .as_deref()
        .is_some_and(|reply| reply.starts_with('-'))
}
