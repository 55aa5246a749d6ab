//! One counter: the updates that were answered, and how many of them are lost.

use std::collections::HashMap;

use super::{Proof, updates::is_refused, walks};
use crate::record::Request;

/// The updates of one counter.
#[derive(Default)]
pub(crate) struct Counter<'a> {
    /// What each answered update has read, and what it was answered.
    pub(crate) steps: Vec<(i128, i128)>,
    /// Their ids, and the names of their clients.
    ids: Vec<(&'a str, &'a str)>,
    /// What those add that were sent and not answered with a number: each may be a step.
    unknown: Vec<i64>,
    /// Whether requests of another kind may have written it.
    pub(crate) has_others: bool,
    /// When each of them was sent, and when it was answered.
    times: Vec<(u64, u64)>,
    /// When each GET was sent, and what it got.
    reads: Vec<(u64, i64)>,
}

impl<'a> Counter<'a> {
    pub(crate) fn note(&mut self, amount: i64, request: &'a Request, client: &'a str) {
        let number = request
            .reply
            .as_deref()
            .and_then(|one| one.strip_prefix(':'));
        match number.and_then(|number| number.parse::<i64>().ok()) {
            Some(after) => {
                let after = i128::from(after);
                let before = after - i128::from(amount);
                self.steps.push((before, after));
                self.ids.push((&request.id, client));
                let (sent, replied) = (request.sent_us, request.replied_us);
                self.times
                    .push((sent.unwrap_or(0), replied.unwrap_or(u64::MAX)));
            }
            None if request.sent_us.is_some() && !is_refused(request) => {
                self.unknown.push(amount);
            }
            None => {}
        }
    }

    /// A GET, and the number that it got.
    pub(crate) fn note_read(&mut self, request: &Request, number: i64) {
        let sent = request.sent_us.unwrap_or(0);
        self.reads.push((sent, number));
    }

    /// How many are lost at the least, and why.
    pub(crate) fn lost(&self) -> (usize, Proof) {
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
            // What was read afterwards is not what the replies say.
            (None, None) if self.add_the_same() && self.missing() > Some(0) => {
                Proof::NoneSeen
            }
            (None, None) => match walks::unwritten_numbers(&self.steps).len() {
                0 | 1 => Proof::AllKept,
                _ => Proof::NoneSeen,
            },
        };
        let repeated = replies.max(starts);
        let is_known = repeated > 0 && self.add_the_same();
        let missing = self.missing().filter(|_| is_known);
        (repeated.max(missing.unwrap_or(0)), proof)
    }

    /// How many updates are missing in a number that was read when all of them were
    /// answered; `None` if nobody has read one then.
    fn missing(&self) -> Option<usize> {
        let replied = self.times.iter().map(|(_, replied)| *replied).max()?;
        let mut reads = self.reads.iter();
        let (_, last) = reads.find(|(sent, _)| *sent >= replied)?;
        let (from, to) = self.steps.first()?;
        let amount = to - from;
        // The lowest number of a counter that rises was the first.
        let towards = |(from, _): &(i128, i128)| from * amount.signum();
        let first = self.steps.iter().map(towards).min()? * amount.signum();
        let kept = (i128::from(*last) - first).checked_div(amount)?;
        let kept = usize::try_from(kept).ok()?;
        self.steps.len().checked_sub(kept)
    }

    /// Whether no more updates can be lost than are counted: all of them added the same,
    /// and each was answered. The last write may have taken the number back: so it must
    /// be known, or have been read afterwards.
    pub(crate) fn is_exact(&self) -> bool {
        !self.has_others
            && self.add_the_same()
            && (self.is_last_known() || self.missing().is_some())
    }

    /// Whether an update that got the furthest number surely was written after all that
    /// got another one.
    fn is_last_known(&self) -> bool {
        let (Some(lowest), Some(highest)) = (
            self.steps.iter().map(|(_, to)| *to).min(),
            self.steps.iter().map(|(_, to)| *to).max(),
        ) else {
            return true;
        };
        let rises = self.steps.first().is_some_and(|(from, to)| to > from);
        let furthest = if rises { highest } else { lowest };
        let all = || self.steps.iter().map(|(_, to)| *to).zip(&self.times);
        let last = all().filter(|(to, _)| *to == furthest);
        let sent = last.map(|(_, (sent, _))| *sent).max().unwrap_or(0);
        all().all(|(to, (_, replied))| to == furthest || *replied <= sent)
    }

    /// Whether all updates add the same amount, and each was answered.
    fn add_the_same(&self) -> bool {
        let mut amounts = self.steps.iter().map(|(from, to)| to - from);
        let first = amounts.next();
        self.unknown.is_empty() && amounts.all(|amount| Some(amount) == first)
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
