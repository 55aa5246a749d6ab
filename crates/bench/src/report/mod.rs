//! What was found, and on which machine.
//!
//! `text.rs` writes it as a table for people, with the bars of `chart.rs`; `json.rs`
//! writes every round.

pub mod chart;
pub mod json;
pub mod text;

use serde::Serialize;

use crate::{bench::Bench, finding::Finding, machine::Machine};

/// All findings of one run of the bench.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// Where it ran.
    pub machine: Machine,
    /// How many rounds were asked for.
    pub rounds: usize,
    /// Whether the runs were too short to say how fast anything is.
    pub quick: bool,
    /// In the order of measuring.
    pub findings: Vec<Finding>,
}

impl Report {
    /// One without findings yet.
    #[must_use]
    pub fn new(machine: Machine, bench: &Bench) -> Self {
        Self {
            version: 1,
            machine,
            rounds: bench.rounds,
            quick: bench.quick,
            findings: Vec::new(),
        }
    }
}
