//! The columns of the table.

use std::collections::BTreeMap;

use launch::Interrupt;
use timeline::designs::Cell;

use super::{connections, memory, subjects::Subjects, verdicts};
use crate::error::Error;

/// What is asked of every design.
pub(super) struct Question {
    /// For programs, and the name of its scenario if it has one.
    pub(super) name: &'static str,
    /// What the client does, or what is measured.
    pub(super) title: &'static str,
    /// The words of the column's heading, a line each.
    pub(super) heading: &'static str,
    kind: Kind,
}

enum Kind {
    /// Played; somebody waits or does not.
    Wait,
    /// Played; updates are lost or are not.
    Updates,
    Connections,
    Memory,
}

/// What each server answered, by its name.
pub(super) type Answers = BTreeMap<String, Cell>;

#[rustfmt::skip]
pub(super) const QUESTIONS: [Question; 7] = [
    Question {
        name: "silent-client", title: "a silent client",
        heading: "silent client", kind: Kind::Wait,
    },
    Question {
        name: "slow-request", title: "a slow request",
        heading: "slow request", kind: Kind::Wait,
    },
    Question {
        name: "computing-request", title: "a computing request",
        heading: "compu- ting request", kind: Kind::Wait,
    },
    Question {
        name: "pipelining-client", title: "a client that pipelines",
        heading: "pipe- lining client", kind: Kind::Wait,
    },
    Question {
        name: "short-connections", title: "many short connections",
        heading: "short connec- tions", kind: Kind::Connections,
    },
    Question {
        name: "lost-updates", title: "lost updates without a lock",
        heading: "updates without a\u{a0}lock", kind: Kind::Updates,
    },
    Question {
        name: "idle-memory", title: "memory for 1,000 idle connections",
        heading: "memory, 1,000 idle", kind: Kind::Memory,
    },
];

impl Question {
    pub(super) fn ask(
        &self,
        subjects: &Subjects,
        interrupt: &Interrupt,
    ) -> Result<Answers, Error> {
        match self.kind {
            Kind::Wait => verdicts::play(subjects, self.name, verdicts::wait, interrupt),
            Kind::Updates => {
                verdicts::play(subjects, self.name, verdicts::updates, interrupt)
            }
            Kind::Connections => subjects.measure(connections::answer, interrupt),
            Kind::Memory => subjects.measure(memory::answer, interrupt),
        }
    }
}
