//! How many threads a server has, and how many clients wait in its backlog, over time.

use super::{axis::Axis, signs::level};
use crate::{
    line::{Ink, Line},
    record::{Count, Observed},
};

/// The counts of one server, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Counts {
    counts: Vec<Count>,
    until_us: u64,
}

impl Counts {
    pub(crate) fn of(observed: &Observed) -> Self {
        Self {
            counts: observed.counts.clone(),
            until_us: observed.until_us,
        }
    }

    /// The most of each at one time: `5 threads, backlog 3`.
    pub(crate) fn most(&self) -> String {
        let most =
            |of: fn(&Count) -> Option<usize>| self.counts.iter().filter_map(of).max();
        let threads = most(|count| count.threads).map(|most| match most {
            1 => "1 thread".to_owned(),
            most => format!("{most} threads"),
        });
        let backlog = most(|count| count.backlog).map(|most| format!("backlog {most}"));
        let known: Vec<String> = [threads, backlog].into_iter().flatten().collect();
        known.join(", ")
    }

    /// The number of threads at each change of it, with its moment.
    pub(crate) fn threads(&self) -> Vec<(u64, usize)> {
        let known = |count: &Count| Some((count.at_us, count.threads?));
        let mut changes: Vec<(u64, usize)> =
            self.counts.iter().filter_map(known).collect();
        changes.dedup_by_key(|(_, threads)| *threads);
        changes
    }

    /// From when, to when, how many waited in the backlog; where somebody did.
    pub(crate) fn backlog(&self) -> Vec<(u64, u64, usize)> {
        let ends = self.counts.iter().skip(1).map(|count| count.at_us);
        let ends = ends.chain([self.until_us]);
        let stretches = self.counts.iter().zip(ends);
        let waiting = stretches.filter_map(|(count, end)| {
            let backlog = count.backlog.filter(|backlog| *backlog > 0)?;
            Some((count.at_us, end.max(count.at_us), backlog))
        });
        waiting.collect()
    }

    /// The height of the backlog in each cell; the number of threads where it changes.
    pub(super) fn draw(&self, axis: &Axis, cells: usize, ascii: bool, line: &mut Line) {
        let last = cells.saturating_sub(1);
        let mut drawn = vec![(Ink::Plain, ' '); cells];
        for (from, to, backlog) in self.backlog() {
            let (from, to) = (axis.place(from).min(last), axis.place(to).min(cells));
            for cell in drawn.iter_mut().take(to).skip(from) {
                *cell = (Ink::Waiting, level(backlog.min(8), ascii));
            }
        }
        for (at, threads) in self.threads_by_cell(axis, last) {
            let digits = threads.to_string();
            let at = at.min(cells.saturating_sub(digits.len()));
            for (cell, digit) in drawn.iter_mut().skip(at).zip(digits.chars()) {
                *cell = (Ink::Plain, digit);
            }
        }
        for (ink, letter) in drawn {
            line.push(ink, letter.encode_utf8(&mut [0; 4]));
        }
    }

    /// The number of threads where it changes from one cell to the next, as far as there
    /// is room for its digits.
    fn threads_by_cell(&self, axis: &Axis, last: usize) -> Vec<(usize, usize)> {
        let mut shown: Vec<(usize, usize)> = Vec::new();
        for (at, threads) in self.threads() {
            let at = axis.place(at).min(last);
            match shown.last_mut() {
                Some((begin, before)) if at < *begin + before.to_string().len() => {
                    *before = threads;
                }
                _ => shown.push((at, threads)),
            }
        }
        shown.dedup_by_key(|(_, threads)| *threads);
        shown
    }
}
