//! How far a server is in a run that goes on: what stands in its place where a screen has
//! no room for its rows.

use super::{presumed, seconds};
use crate::record::ServerRun;

/// How far a server is.
#[derive(Debug)]
pub(super) enum Standing {
    /// Nobody has come.
    Before,
    /// Everybody has left, the last one at this moment.
    Over(u64),
    /// How many are being served and how many wait, as far as that is known; the others
    /// have asked.
    GoesOn {
        served: usize,
        waiting: usize,
        asked: usize,
    },
}

impl Standing {
    pub(super) fn of(server: &ServerRun) -> Self {
        let all = || server.connections.iter();
        if all().all(|connection| connection.opened_us.is_none()) {
            return Self::Before;
        }
        if all().all(|connection| connection.closed_us.is_some()) {
            return Self::Over(server.end_us());
        }
        let (mut served, mut waiting, mut asked) = (0, 0, 0);
        for ((_, request), start) in server.requests().zip(presumed::starts(server)) {
            let is_out = request.replied_us.is_none() && request.failure.is_none();
            match (request.sent_us, start) {
                (Some(_), Some(u64::MAX)) if is_out => waiting += 1,
                (Some(_), Some(_)) if is_out => served += 1,
                (Some(_), None) if is_out => asked += 1,
                _ => {}
            }
        }
        Self::GoesOn {
            served,
            waiting,
            asked,
        }
    }

    /// The servers whose rows are given up first stand first: those that are over, then
    /// those that nobody has come to and those that go on, from the last. One is kept.
    pub(super) fn folding_order(all: &[Self]) -> Vec<usize> {
        let mut order: Vec<(usize, u64, usize)> = all
            .iter()
            .enumerate()
            .map(|(index, standing)| match standing {
                Self::Over(end) => (0, *end, index),
                Self::Before => (1, 0, usize::MAX - index),
                Self::GoesOn { .. } => (2, 0, usize::MAX - index),
            })
            .collect();
        order.sort_unstable();
        order.pop();
        let place = |(kind, _, index)| if kind == 0 { index } else { usize::MAX - index };
        order.into_iter().map(place).collect()
    }

    /// `2 being served, 3 waiting`.
    pub(super) fn words(&self) -> String {
        let (served, waiting, asked) = match self {
            Self::Before => return "nobody has come yet".to_owned(),
            Self::Over(end) => return format!("done after {} s", seconds(*end)),
            Self::GoesOn {
                served,
                waiting,
                asked,
            } => (*served, *waiting, *asked),
        };
        let counts = [
            (served, "being served"),
            (waiting, "waiting"),
            (asked, "asked"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        match words.as_slice() {
            [] => "nobody asks for anything".to_owned(),
            words => words.join(", "),
        }
    }
}
