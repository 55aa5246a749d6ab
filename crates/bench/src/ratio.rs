//! Ratios of paired rounds: their median and quartiles.

use serde::Serialize;

/// The middle half of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quartiles {
    /// A quarter of the numbers is below.
    pub lower: f64,
    /// Half of them are.
    pub median: f64,
    /// Three quarters are.
    pub upper: f64,
}

impl Quartiles {
    /// Those of `numbers`, in any order: between two neighbours in proportion, so that
    /// the ends are the smallest and the largest. `None` of no numbers.
    #[must_use]
    pub fn of(numbers: &[f64]) -> Option<Self> {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some(Self {
            lower: quantile(&sorted, 0.25)?,
            median: quantile(&sorted, 0.5)?,
            upper: quantile(&sorted, 0.75)?,
        })
    }
}

/// The number below which `share` (0 to 1) of the numbers lie; they are sorted.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = sorted.get(place.floor() as usize)?;
    let above = sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

/// What one contestant did for each that the other did, round by round.
#[must_use]
pub fn paired(subject: &[f64], beside: &[f64]) -> Vec<f64> {
    let rounds = subject.iter().zip(beside);
    rounds.map(|(subject, beside)| subject / beside).collect()
}
