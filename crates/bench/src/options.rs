//! The command line.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Parser, ValueEnum};

use crate::workload::Workload;

const HELP: &str = "\
{about}

Examples:
  bench --quick             shows in a minute or two that all of it works
  bench --only crowd        one workload
  bench --json rounds.json  every round of every finding, beside the tables

{usage-heading} {usage}

{all-args}

A quartile says little of fewer than 9 rounds. Everything takes about 40 minutes; leave the
machine alone meanwhile. redis-server, redis-benchmark and python3 are used where they are
installed; what is missing is said and skipped.";

/// Measures the kit's servers beside others: ratios of paired rounds, never bare numbers.
#[derive(Clone, Debug, Default, Parser)]
#[command(version, help_template = HELP, max_term_width = 90)]
pub struct Options {
    /// Few rounds, short runs, small crowds: shows that everything works, not how fast
    #[arg(long)]
    pub quick: bool,

    /// Measure this workload alone; may be given several times
    #[arg(long, value_name = "WORKLOAD", value_enum)]
    pub only: Vec<Workload>,

    /// How many rounds [default: 9, with --quick 3]
    #[arg(long, value_name = "N")]
    pub rounds: Option<NonZeroUsize>,

    /// Also write every round of every finding to FILE, as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

impl Options {
    /// What is to be measured, in the order of the report.
    #[must_use]
    pub fn workloads(&self) -> Vec<Workload> {
        match self.only.as_slice() {
            [] => Workload::value_variants().to_vec(),
            only => only.to_vec(),
        }
    }

    /// How many rounds.
    #[must_use]
    pub fn rounds(&self) -> usize {
        let default = if self.quick { 3 } else { 9 };
        self.rounds.map_or(default, NonZeroUsize::get)
    }
}
