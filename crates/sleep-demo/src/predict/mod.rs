//! Predict, observe, explain: what the class says, what the queue model says, and what a
//! run measures, side by side.
//!
//! `questions.rs` asks the class, `comparison.rs` draws what came of it.

mod comparison;
mod questions;

use std::collections::HashMap;

/// More requests than this are not asked about.
const ASKED: usize = 12;

/// Waits in microseconds that a person expects, by server and request.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    waits: HashMap<(String, String), u64>,
    /// How many updates a server loses, where clients count.
    lost: HashMap<String, usize>,
}
