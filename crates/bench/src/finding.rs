//! One line of the report: something measured in every round.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::{ratio::Quartiles, workload::Workload};

/// What was found of one subject beside another.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was measured.
    pub workload: Workload,
    /// The load, and what made it: `50 clients, pipeline 16 · redis-benchmark`.
    pub load: String,
    /// Who is measured, and beside whom or what.
    pub subject: String,
    /// What the numbers are.
    pub unit: Unit,
    /// One number a round.
    pub rounds: Vec<f64>,
}

/// What a finding's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Of two things measured in the same round.
    Ratio,
    /// Resident memory for each connection.
    KibPerConnection,
    /// Of time.
    Milliseconds,
    /// Of events, for each request.
    PerRequest,
    /// Of events; none is the aim.
    Count,
}

impl Finding {
    /// Their middle half.
    #[must_use]
    pub fn quartiles(&self) -> Option<Quartiles> {
        Quartiles::of(&self.rounds)
    }
}

impl Unit {
    /// A number with this unit.
    #[must_use]
    pub fn format(self, number: f64) -> String {
        match self {
            Self::Ratio | Self::PerRequest => format!("{number:.2}"),
            Self::KibPerConnection | Self::Milliseconds => format!("{number:.1}"),
            Self::Count => format!("{number:.0}"),
        }
    }
}

impl Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ratio => "×",
            Self::KibPerConnection => "KiB",
            Self::Milliseconds => "ms",
            Self::PerRequest | Self::Count => "",
        })
    }
}
