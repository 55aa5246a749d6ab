//! The command line.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Parser, ValueEnum};

use crate::workload::Workload;

const HELP: &str = "\
{about}

Examples:
  bench --quick             check in a minute or two that everything works
  bench --only crowd        run one workload
  bench --json rounds.json  also write every round to a file

{usage-heading} {usage}

{all-args}

All workloads take about 40 minutes. Leave the machine alone meanwhile. Quartiles need
at least 9 rounds. bench uses redis-server, redis-benchmark and python3 if they are
installed, and prints which of them it lacks.";

/// Measures how fast the kit's servers are, compared with other servers
#[derive(Clone, Debug, Default, Parser)]
#[command(version, help_template = HELP, term_width = 0)]
pub struct Options {
    /// Run few, short rounds: shows that everything works, not how fast
    #[arg(long)]
    pub quick: bool,

    /// Run only this workload; may be given several times
    #[arg(long, value_name = "WORKLOAD", value_enum)]
    pub only: Vec<Workload>,

    /// Run N rounds [default: 9, or 3 with --quick]
    #[arg(long, value_name = "N")]
    pub rounds: Option<NonZeroUsize>,

    /// Also write every round of every result to FILE, as JSON
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
